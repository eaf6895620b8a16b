"""AR003: what must stay, then what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import check_noop, check_transformed, rewrite

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts

LOG = "import logging\nlog = logging.getLogger(__name__)\n"

LEFT_ALONE = [
    ("log.info('%s' % (a,))\n", "unknown-logger"),
    ("import logging\nlog = make()\nlog.info('%s' % (a,))\n", "unknown-logger"),
    ("import logging\ndef f(log):\n    log.info('%s' % (a,))\n", "unknown-logger"),
    ("import logging\nlog = logging.getLogger()\nlog = other()\nlog.info('%s' % (a,))\n", "unknown-logger"),
    (LOG + "def f(x):\n    log.info('%s' % x)\n", "bare-operand"),
    (LOG + "def f(*x):\n    log.info('%s' % x)\n", "bare-operand"),
    (LOG + "log.info('%s %s' % pair())\n", "argument-count"),
    (LOG + "log.info('%s' % (a, b))\n", "argument-count"),
    (LOG + "log.info('%s' % (*a,))\n", "argument-count"),
    (LOG + "log.info('%(a)s' % {'a': 1})\n", "mapping"),
    (LOG + "log.info('%s' % (a,), b)\n", "more-arguments"),
    (LOG + "log.info('%s' % (a,), *b)\n", "more-arguments"),
    (LOG + "log.log(logging.INFO, '%s' % (a,), b)\n", "more-arguments"),
    (LOG + "def keep(record):\n    return record.msg != 'a'\nlog.info('%s' % (a,))\n", "record-reader"),
    ("log.log(10, '%s' % (a,))\n", "unknown-logger"),
    (LOG + "log.info('%s' % (\n    a,  # why\n))\n", "comment"),
    (LOG + "try:\n    log.info('%d' % (a,))\nexcept TypeError:\n    b()\n", "attempt"),
    (LOG + "try:\n    if a:\n        log.info('%d' % (a,))\nexcept (OSError, ValueError):\n    b()\n", "attempt"),
    (LOG + "x = f\"{log.info('%s' % (a,))}\"\n", "inside-f-string"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR003", reason)


@pytest.mark.parametrize(
    "source",
    [
        "log.info('%s', a)\n",
        "parser.error('%s' % (a,))\n",
        "log.info(template % a)\n",
        "info('%s' % (a,))\n",
        "math.log('%s' % (a,))\n",
    ],
)
def test_not_found(source: str) -> None:
    result = rewrite(source, "AR003")
    assert (result.layers, result.refusals) == ((), ())


REWRITTEN = [
    (
        "try:\n    log.info('%d' % (a,))\nexcept KeyError:\n    b()\n",
        "try:\n    log.info('%d', a)\nexcept KeyError:\n    b()\n",
    ),
    (
        "try:\n    b()\nexcept TypeError:\n    log.info('%d' % (a,))\n",
        "try:\n    b()\nexcept TypeError:\n    log.info('%d', a)\n",
    ),
    (
        "try:\n    def f(a):\n        log.info('%d' % (a,))\nexcept TypeError:\n    b()\n",
        "try:\n    def f(a):\n        log.info('%d', a)\nexcept TypeError:\n    b()\n",
    ),
    ("log.info('%s: %d' % (a, b))\n", "log.info('%s: %d', a, b)\n"),
    ("log.warning('%s' % (a,), exc_info=True)\n", "log.warning('%s', a, exc_info=True)\n"),
    ("logging.debug('100%% of %r' % str(a))\n", "logging.debug('100%% of %r', str(a))\n"),
    ("log.log(logging.INFO, '%s' % (a,))\n", "log.log(logging.INFO, '%s', a)\n"),
    ("log.error('%*d' % (w, n))\n", "log.error('%*d', w, n)\n"),
    ("log.info('a %s'\n         ' %s' % (a,\n                 b))\n", "log.info('a %s'\n         ' %s', a, b)\n"),
    ("log.info(('a %s'\n          ' %s') % (a, b))\n", "log.info('a %s'\n         ' %s', a, b)\n"),
    ("log.info('%s %s' \\\n    % (a[0], (b)))\n", "log.info('%s %s', a[0], b)\n"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(LOG + before, LOG + after, "AR003")


def test_lines_of_a_text_do_not_move_with_the_parentheses() -> None:
    before = LOG + "log.info(('''a\n  %s''') % (a,))\n"
    check_transformed(before, LOG + "log.info('''a\n  %s''', a)\n", "AR003")


def test_project_that_logs_by_itself_gets_f_strings() -> None:
    own = "class Logger:\n    def info(self, m): pass\n    def debug(self, m): pass\n    def warn(self, m): pass\n"
    result = rewrite(own + "def f(o, a):\n    o.logger.info('%s' % (a,))\n", "AR001", "AR003")
    assert result.layers[-1].data.decode().endswith("o.logger.info(f'{a!s}')\n")
    assert result.refusals == ()


PATCHED = "with patch('app.log') as log:\n    f()\n    log.info.assert_called_with('x')\n"


@pytest.mark.parametrize(
    ("test", "method"),
    [
        ("with patch('app.log') as log:\n    f()\n    log.info.call_args\n", "info"),
        ("self.log = self.start(patch('pkg.app.log'))\nself.log.info.assert_called_with('x')\n", "info"),
        ("patch.object(app, 'log')\nlog.mock_calls\n", "warning"),
        ("m = patch('app.log').start()\nm.mock_calls\n", "error"),
        ("m = patch('app.log.info').start()\nm.assert_called_once_with('x')\n", "info"),
        ("@patch('app.os')\n@patch('app.log')\ndef test(m, o):\n    m.info.call_args_list\n", "info"),
        ("def test(log):\n    patch('app.log', log)\n    log.info.call_args_list\n", "info"),
        ("log = Mock()\npatch('app.log', log)\nlog.info.call_args_list\n", "info"),
        ("class Test(Base):\n    def test(self):\n        self.mock_log.info.call_args\n", "info"),
        ("patch(__name__ + '.log')\nlog.info.call_args\n", "info"),
        ("monkeypatch.setattr(app.log, 'info', said.append)\n", "info"),
        ("import app\napp.log = Recorder()\n", "info"),
        ("patch('app.log', new=Recorder())\n", "info"),
        ("patch('app.log.info', side_effect=said.append)\n", "info"),
        ("patch('logging.Logger.info', lambda self, message, *args: said.append(message))\n", "info"),
        ("m = patch('logging.Logger.info').start()\nm.call_args\n", "info"),
        ("logging.setLoggerClass(Own)\n", "info"),
    ],
)
def test_message_that_a_test_looks_at_stays(test: str, method: str) -> None:
    source = f"{LOG}log.{method}('%s' % (a,))\n"
    check_noop(source, "AR003", "patched", facts=facts_of({"app.py": source, "tests/test_app.py": test}))
    assert rewrite(source, "AR003", facts=facts_of({"app.py": source})).layers


@pytest.mark.parametrize(
    ("test", "method"),
    [
        (PATCHED, "debug"),
        ("self.log = self.start(patch('app.log'))\nself.assertTrue(self.log.info.called)\n", "info"),
        ("patch('other.log')\n" + PATCHED.replace("app.", "sub.app."), "info"),
        (PATCHED + "def g():\n    with patch('other.log') as log:\n        log.warning.call_args\n", "warning"),
        (
            "self.log = patch('app.log').start()\nself.ls_logs = patch('app.ls').start()\nself.ls_logs.call_args\n",
            "info",
        ),
        ("@patch('app.log')\n@patch('app.os.kill')\ndef test(kill, log):\n    kill.call_args\n", "info"),
        ("patch('app.log')\nx._log_dirs = Mock()\nx._log_dirs.mock_calls\n", "info"),
        ("'a.log'.replace('a', 'b')\nopen('app.log')\n", "info"),
    ],
)
def test_message_that_no_test_looks_at_moves(test: str, method: str) -> None:
    source = f"{LOG}log.{method}('%s' % (a,))\n"
    facts = facts_of({"pkg/app.py": source, "tests/test_app.py": test})
    assert rewrite(source, "AR003", facts=facts, path="pkg/app.py").layers


def test_logger_of_another_module_is_another_one() -> None:
    test = "with patch('util.log') as log:\n    log.info.call_args\n"
    source = f"{LOG}def f():\n    log.info('%s' % (a,))\n"
    facts = facts_of({"app.py": source, "tests/test_app.py": test})
    assert rewrite(source, "AR003", facts=facts).layers


def facts_of(files: dict[str, str]) -> ProjectFacts:
    modules = [read_module(path, source.encode()) for path, source in files.items()]
    return merge([file_facts(module) for module in modules if isinstance(module, Module)])
