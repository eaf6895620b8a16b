from __future__ import annotations

import pytest

from archaeologist_tools.safety.protected import protection_of

PROTECTED = {
    "a test": [
        "tests/test_app.py", "app/tests/helper.py", "test_app.py", "conftest.py", "app/app_test.py", "Tests/data.bin",
        "testing/x.py", "tests.py",
    ],
    "what tests compare with": ["app/fixtures/users.json", "testdata/a.txt", "spec/app.rb"],
    "what says how the project is built and checked": [
        "tox.ini", "noxfile.py", "pyproject.toml", "setup.cfg", "Makefile", "sitecustomize.py", "ruff.toml",
        ".pre-commit-config.yaml", "sub/pytest.ini",
    ],
    "part of the continuous integration": [
        ".github/workflows/ci.yml", ".github/CODEOWNERS", ".gitlab-ci.yml", ".gitlab-ci.d.yml", ".circleci/config.yml",
        "Jenkinsfile", ".travis.yml", ".ci/run", "azure-pipelines.yml", "sub/.github/x",
    ],
    "git's own": [".gitignore", ".gitattributes", ".gitmodules", ".git/config", "app/.GitIgnore", ".git-hooks/x"],
    "a lock file": ["poetry.lock", "Pipfile.lock", "uv.lock", "pylock.dev.toml", "constraints.txt", "web/yarn.lock"],
    "a licence": ["LICENSE", "LICENCE.txt", "COPYING", "NOTICE", "licenses/mit.txt", "LICENSE-APACHE", "UNLICENSE"],
    "an instruction to agents": [
        "AGENTS.md", "CLAUDE.md", ".cursorrules", ".cursor/rules/x.mdc", ".claude/settings.json", "docs/agents.md",
        "GEMINI.md", "tools/SKILL.md", "x.instructions.md",
    ],
    "a place for credentials": [
        ".env", ".env.production", "prod.env", ".pypirc", ".netrc", "keys/server.pem", "id_rsa", ".aws/credentials",
        ".envrc",
    ],
    "what tells this program how to work": [".archaeologist/skills/a/SKILL.md", ".archaeologist.toml"],
}  # fmt: skip


@pytest.mark.parametrize(("path", "reason"), [(path, why) for why, paths in PROTECTED.items() for path in paths])
def test_files_that_decide_over_the_result_are_protected(path: str, reason: str) -> None:
    assert protection_of(path) == reason


@pytest.mark.parametrize(
    "path",
    [
        "setup.py", "app/main.py", "README.md", "README.rst", "docs/index.md", "app/license.py", "app/licensing.py",
        "app/contest.py", "app/latest.py", "attestation/core.py", "app/notice.py", "app/locks.py", "app/env.py",
        "app/environment.py", "app/key.py", "CHANGELOG.md", "app/github.py", "app/settings.py", "src/protest/app.py",
        "requirements.txt", "app/credentials.py", "app/copying.py", "app/agents.py", "app/tasks.py",
    ],
)  # fmt: skip
def test_code_and_documents_may_be_written(path: str) -> None:
    assert protection_of(path) is None
