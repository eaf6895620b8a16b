"""Secrets are put together here from parts, so that no scanner takes this file for a leak."""

from __future__ import annotations

import base64
import hashlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archaeologist_tools.safety.secrets import holds_redaction, redact, writes_redaction

ALNUM = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6"
HEX = hashlib.sha256(b"archaeologist").hexdigest()
BASE64 = base64.b64encode(hashlib.sha512(b"archaeologist").digest()).decode()
UUID = "3f4beddd-2061-49b0-ae80-6f1f2ed65b37"

BY_FORM = [
    ("AWS access key", "AKIA" + "QWERTY1234ZXCV56"),
    ("GitHub token", "ghp_" + ALNUM[:36]),
    ("GitHub token", "github_pat_" + ALNUM[:22] + "_" + ALNUM[:30]),
    ("GitLab token", "glpat-" + ALNUM[:20]),
    ("Slack token", "xoxb-" + "123456789012-" * 2 + ALNUM[:24]),
    ("Google key", "AIza" + ALNUM[:35]),
    ("Google key", "ya29." + ALNUM),
    ("Stripe key", "sk_live_" + ALNUM[:24]),
    ("Stripe key", "rk_test_" + ALNUM[:24]),
    ("model API key", "sk-" + ALNUM[:48]),
    ("model API key", "sk-proj-" + ALNUM + ALNUM),
    ("model API key", "sk-ant-" + "api03-" + ALNUM),
    ("model API key", "hf_" + "abcdefghijKLMNOPQRSTUVWXYZabcdefgh"),
    ("package index token", "pypi-AgE" + "IcHlwaS5vcmc" + ALNUM + ALNUM),
    ("package index token", "npm_" + ALNUM[:36]),
    ("mail service key", "SG." + ALNUM[:22] + "." + ALNUM[:43]),
    ("messenger token", "123456789" + ":AA" + ALNUM[:33]),
    ("cloud token", "dop_v1_" + HEX),
    ("cloud token", "hvs." + ALNUM[:30]),
    ("service token", "shpat_" + HEX[:32]),
    ("JSON web token", "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0." + ALNUM[:43]),
    ("password hash", "$2b$" + "12$" + ALNUM + "."),
]


@pytest.mark.parametrize(("kind", "secret"), BY_FORM)
@pytest.mark.parametrize("around", ["x = '{}'", "# {} is mine", 'print("{}")', "    {}\n", '{{"a": "{}"}}'])
def test_what_has_the_form_of_a_secret_is_taken_out_of_code(kind: str, secret: str, around: str) -> None:
    result = redact(around.format(secret), "app/main.py")
    assert result.text == around.format(f"[REDACTED {kind} 1]")
    assert (result.count, dict(result.kinds)) == (1, {kind: 1})


BY_NAME = [
    "password = 'hunter2'",
    'PASSWORD = "hunter2"',
    "password = u'hunter2'",
    "password = b'hunter2'",
    "db_password='hunter2'",
    "DB_PASS = 'hunter2'",
    "smtpPass = 'hunter2'",
    "pwd = 'hunter2'",
    "self.passwd = 'hunter2'",
    "password: str = 'hunter2'",
    "password: Optional[str] = 'hunter2'",
    "connect(host='x', password='hunter2')",
    "{'PASSWORD': 'hunter2', 'USER': 'joe'}",
    '{"password": "hunter2"}',
    "config['password'] = 'hunter2'",
    "if password == 'hunter2':",
    "user.set_password('hunter2')",
    "os.environ.setdefault('DB_PASSWORD', 'hunter22')",
    "os.environ.get('DB_PASSWORD', 'hunter22')",
    "PASSWORD_PROD = 'hunter2'",
    "password2 = 'hunter2'",
    "passwords = ['hunter2', 'letmein']",
    "password = ('hunter2'\n            'letmein')",
    "password = 'hunter2' \\\n    'letmein'",
    "requests.get(url, auth=('joe', 'hunter2'))",
    "ftp.login('joe', 'hunter2')",
    "MySQLdb.connect('localhost', 'joe', 'hunter2', 'shop')",
    "# the password is hunter2",
    "# password: hunter2",
    "x = 1  # password=hunter2",
    "'''Log in.\n\n    password: hunter2\n'''",
    "url = 'postgres://joe:hunter2@db/shop'",
    "url = 'https://joe:hunter2@example.com/a?b=c'",
    "url = 'amqp://joe:hun@ter2@host'",
    "SECRET_KEY = 'hunter2'",
    "client_secret = 'hunter2'",
    "API_KEY = 'hunter2'",
    "apiKey: 'hunter2'",
    "'x-api-key': 'hunter2'",
    "encryption_key = 'hunter2'",
    "password = 'letmein'",
    "password = 'correct horse battery staple 9'",
    "password = 'it\\'s hunter2'",
    "password = '$hunter2'",
    "password = 'hunter2' if debug else None",
    'log(\'{\\"password\\": \\"hunter2\\"}\')',
    "Authorization = 'Basic am9lOmh1bnRlcjI='",
    "psycopg2.connect('dbname=shop user=joe password=hunter2')",
    "psycopg2.connect('dbname=shop password=hunter2 user=joe')",
    "conn = 'Server=db;Uid=joe;Pwd=hunter2;Database=x'",
    "url = 'https://example.com/?user=joe&api_key=hunter22&x=1'",
    "os.system('mysqldump --password=hunter2 shop')",
    "os.system('mysql -u joe -phunter2 shop')",
    "os.system('curl -u joe:hunter2 https://example.com')",
    "os.system('sshpass -p hunter2 ssh host')",
    "subprocess.call(['mysql', '--password', 'hunter2'])",
    "setattr(config, 'password', 'hunter2')",
    "user, password = 'joe', 'hunter2'",
    "passwords = {'joe': 'hunter2', 'ann': 'letmein9'}",
    "password = base64.b64decode('aHVudGVyMTIzNDU2Nzg5')",
    "password = SecretStr('hunter2')",
    "PASSWORD = 20481024",
    "token = jwt.encode(payload, 'hunter2')",
    "hmac.new(b'hunter2', text).hexdigest()",
    "Fernet(b'hunter2')",
    "cursor.execute(\"CREATE USER joe IDENTIFIED BY 'hunter2'\")",
    "base64.b64encode(b'joe:hunter2')",
    f"headers = {{'Authorization': 'token {HEX[:40]}'}}",
    f"S3Connection('AKIA' 'QWERTY1234ZXCV56', '{BASE64[:40]}')".replace("' '", ""),
    f"auth_token = '{HEX[:40]}'",
    f"token = '{UUID}'",
    f"access_token = '{ALNUM[:30]}'",
    f"headers = {{'Authorization': 'Bearer {ALNUM}'}}",
    f"aws_secret_access_key = '{BASE64[:40]}'",
    f"url = 'https://{ALNUM[:30]}@github.com/x'",
    f"conn = 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey={BASE64}'",
]


@pytest.mark.parametrize("code", BY_NAME)
def test_what_is_given_to_a_secret_name_is_taken_out_of_code(code: str) -> None:
    result = redact(code, "app/main.py")
    for secret in (
        "hunter",
        "letmein",
        "ter2",
        "am9l",
        "aHVu",
        "20481024",
        "correct",
        HEX[:40],
        UUID,
        ALNUM[:30],
        BASE64[:40],
    ):
        assert secret not in result.text
    assert result.count >= 1
    assert result.text.count("\n") == code.count("\n")


LEFT = [
    "password = ''",
    "password = None",
    "password = os.environ['DB_PASSWORD']",
    "password = getpass('Your password: ')",
    "password = config.get('database', 'password')",
    "password = forms.CharField(label='Password')",
    "PASSWORD_RESET_TEMPLATE = 'registration/password_reset.html'",
    "fields = ('username', 'password', 'password2')",
    "error_messages = {'password_mismatch': 'The two passwords differ.'}",
    "parser.add_argument('--password', help='the password to use')",
    "url = 'https://%s:%s@example.com' % (user, password)",
    "url = f'https://{user}:{password}@example.com'",
    "password = '<your password>'",
    "password = 'changeme'",
    "password = '********'",
    "password = '$DB_PASSWORD'",
    "password = '${DB_PASSWORD}'",
    "def login(user, password='', *, token=None): ...",
    "token = tokens.pop()",
    "if token == 'INDENT':",
    "if token.type == 'ENDMARKER':",
    "TOKEN_TYPES = {'NAME': 1, 'NUMBER': 2}",
    "token_url = 'https://example.com/oauth/token'",
    "('auth', '0005_alter_user_last_login_null'),",
    "secret_path = '/run/secrets/db'",
    "compass = 'north-1'",
    "bypass = 'always9'",
    "key = 'a1b2c3d4'",
    f"revision = '{HEX[:40]}'",
    f"EXPECTED = '{HEX}'",
    f"data = '{BASE64}'",
    f"namespace = uuid.UUID('{UUID}')",
    "def check(password):\n    '''Check the password.\n\n    :param password: what the user typed\n    '''",
    "# The password is checked twice",
    "password = self.cleaned_data['password1']",
    "auth = 'basic'",
    "author = 'Grace Legacy'",
    "parse_cookies('first=1; second=Two2')",
    "if line == '-----BEGIN RSA PRIVATE KEY-----':\n    x()\nelif line == '-----END RSA PRIVATE KEY-----':",
    "import secrets\n\nsecrets.token_hex(16)",
    "raise ValueError('password must have 8 characters')",
    "x = 'sk-learn and sk-image'",
    "self.password = password1",
    "MovedAttribute('HTTPPasswordMgr', 'urllib2', 'urllib.request')",
    "OPTIONS = ['-p', '--password', '--user2name', '-u1234567']",
    "self.fetch(url, note='Checking authorization', headers=headers2)",
    "Authorization\n=============\n",
    "User.objects.filter(password__startswith='sha1$$')",
    "connect(password=password1, token=token2)",
    "password = get_password('main')",
    "password = request.POST.get('password1')",
    "password = forms.CharField('Password 2')",
    "password = '', 'x'",
    "PASSWORDS = {'min_length': {'message': 'use 8 characters'}}",
    "'password': {'type': 'string', 'help': 'at least 8 characters'},",
    "password_length = 2048",
    "hmac.new(key, text)",
    "url = '/login?token=%s&next=/' % token",
    "url = '/login?password={}&next=/'.format(password)",
    "where = 'user=%(user)s password=%(password)s host=x'",
    "cursor.execute(\"SELECT password FROM users WHERE name='joe1'\")",
    "os.system('tar -u a:b2c3')",
    "# usage: mysql -u USER -p",
]


@pytest.mark.parametrize("code", LEFT)
def test_code_about_secrets_stays_readable(code: str) -> None:
    assert redact(code, "app/main.py").text == code


CONFIGURATION = [
    ("app.ini", "[db]\npassword = hunter2\nport = 5432\n", ["hunter2"]),
    ("app.cfg", "db_password: hunter2!\n", ["hunter2"]),
    ("app.yaml", "db:\n  password: letmein\n  user: joe\n", ["letmein"]),
    ("app.yml", f"env:\n  - secure: {BASE64}\n", [BASE64[:20]]),
    ("app.toml", 'token = "letmein9"\n', ["letmein9"]),
    ("app.json", f'{{"salt": "{HEX[:32]}", "x": 1}}', [HEX[:32]]),
    ("app.json", '{"a": "{\\"password\\": \\"hunter2\\"}"}', ["hunter2"]),
    ("app.xml", "<password>hunter2</password>", ["hunter2"]),
    ("app.xml", '<add key="x" password="hunter2"/>', ["hunter2"]),
    ("run.sh", "export DB_PASSWORD=hunter2\n", ["hunter2"]),
    ("Dockerfile", "ENV API_KEY hunter22\n", ["hunter22"]),
    ("app.properties", "spring.datasource.password=letmein\n", ["letmein"]),
    ("settings.py", f"X = '{ALNUM[:40]}'\n", [ALNUM[:40]]),
    ("local_settings.py", f"X = '{ALNUM[:40]}'\n", [ALNUM[:40]]),
    ("README.md", "Log in as joe, the password is hunter2.\n", ["hunter2"]),
    ("README", "password: hunter2\n", ["hunter2"]),
    ("", "password: hunter2\n", ["hunter2"]),
    (".env", "DEBUG=on\nNAME='a b'\nexport KEY=x # y\n", ["on", "a b", "x # y"]),
    ("deploy/prod.env", "HOST: example.com\n", ["example.com"]),
    ("k8s.yaml", "apiVersion: v1\nkind: Secret\ndata:\n  x: aHVudGVyMg==\n", ["aHVudGVyMg"]),
    (".netrc", "machine x login joe password h\n", ["machine", "joe"]),
    (".pypirc", "[pypi]\nusername = joe\n", ["joe", "pypi]"]),
    ("keys/id_rsa", "anything at all\n", ["anything"]),
    ("secrets.yaml", "a: b1\n", ["b1"]),
]


@pytest.mark.parametrize(("path", "text", "secrets"), CONFIGURATION)
def test_configuration_loses_its_secrets_and_keeps_its_lines(path: str, text: str, secrets: list[str]) -> None:
    result = redact(text, path)
    assert not [secret for secret in secrets if secret in result.text]
    assert result.text.count("\n") == text.count("\n")
    assert result.count >= 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app.ini", "[db]\nhost = localhost\nport = 5432\nname = shop\n"),
        ("app.yaml", "image: python:3.11\npassword: ${DB_PASSWORD}\ntoken: '{{ token }}'\n"),
        ("requirements.txt", f"six==1.16.0 --hash=sha256:{HEX}\n"),
        ("app.toml", f'rev = "{HEX[:40]}"\nchecksum = "{HEX}"\n'),
        (".env.example", "DB_PASSWORD=changeme\nDEBUG=on\n"),
        ("settings.py", "STATIC_ROOT = 'app/static/Images2/Very-Long-Names-3'\nX = 'django.contrib.auth.Models2'\n"),
        ("settings.py", f"BUILT_FROM = '{HEX[:40]}'\nFOUND = '{UUID}'\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = --strict-markers\n"),
    ],
)
def test_configuration_without_secrets_stays_as_it_is(path: str, text: str) -> None:
    assert redact(text, path).text == text


def private_key(newline: str = "\n") -> str:
    lines = ["-----BEGIN RSA PRIVATE" + " KEY-----", BASE64[:64], BASE64[:64], "-----END RSA PRIVATE" + " KEY-----"]
    return newline.join(lines)


@pytest.mark.parametrize(
    "text",
    [
        private_key(),
        private_key("\\n"),
        private_key('\\n"\n    "'),
        private_key().rpartition("\n")[0] + "\n",
        private_key().replace("RSA PRIVATE", "OPENSSH PRIVATE"),
        private_key().replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
    ],
)
def test_private_keys_are_taken_out_whole(text: str) -> None:
    around = f'KEY = """{text}"""\nx = 1\n'
    result = redact(around, "app/main.py")
    assert BASE64[:16] not in result.text
    assert result.kinds == {"private key": 1}
    assert result.text.endswith("\nx = 1\n")
    assert result.text.count("\n") == around.count("\n")


def test_equal_secrets_have_equal_numbers() -> None:
    result = redact("a_password = 'hunter2'\nb_password = 'hunter3'\nc_secret = 'hunter2'\n", "app/main.py")
    assert result.text == (
        "a_password = '[REDACTED password 1]'\nb_password = '[REDACTED password 2]'\n"
        "c_secret = '[REDACTED API key 1]'\n"
    )
    assert (result.count, dict(result.kinds)) == (3, {"password": 2, "API key": 1})


@pytest.mark.parametrize("text", [*BY_NAME, *(f"x = '{secret}'" for _, secret in BY_FORM)])
@pytest.mark.parametrize("path", ["app/main.py", "app.ini", ""])
def test_what_is_redacted_is_not_redacted_again(text: str, path: str) -> None:
    once = redact(text, path)
    assert redact(once.text, path).text == once.text


def test_marks_are_known_when_they_come_back() -> None:
    code = "password = 'hunter2'"
    marked = redact(code, "app/main.py").text
    assert (holds_redaction(marked), holds_redaction(code)) == (True, False)
    assert writes_redaction(code.encode(), marked.encode())
    assert not writes_redaction(marked.encode(), marked.encode())
    assert not writes_redaction(marked.encode(), code.encode())


HUGE = 100_000


@pytest.mark.parametrize(
    "piece",
    [
        "a", "A1", "=", "'", '"', "\\", "password", "password=", "password='", "password = '\\", "token: ", "://",
        "://a:", "://a:b", "eyJ", "eyJaaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "AKIA", "ghp_",
        "Bearer ", "{", "%(", "$", "api_key ", "auth=('", "connect('a','b',", "a.b.", "M" * 24 + ".", "sk-", "(", "[",
        "secret[", "secret: Optional[", "pass ", "key key ", "password = 'a' ", "secrets=['x2345678',",
        "0123456789abcdef", "\u00e9", "password is ", "\t", "curl ", "mysql ", "b64encode(", "Authorization: ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["app/main.py", "app.json"])
def test_no_line_takes_long_however_it_is_made(piece: str, path: str) -> None:
    text = piece * (HUGE // len(piece))
    began = time.process_time()
    redact(text, path)
    assert time.process_time() - began < 2.5


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([*BY_NAME, *LEFT, private_key(), "\n", "'", '"', "[REDACTED x 1]"]),
            st.text(alphabet="ab=:'\"\n\\ #(){}", max_size=8),
        ),
        max_size=8,
    ).map("".join),
    st.sampled_from(["a.py", "a.ini", "a.md", ".env", "settings.py"]),
)
def test_any_text_keeps_its_lines(text: str, path: str) -> None:
    result = redact(text, path)
    assert result.text.count("\n") == text.count("\n")
    assert result.count == sum(result.kinds.values())
