"""`make demo`: a legacy application becomes a repository in a scratch folder, a run modernizes it, the branch is shown.

Keeps its own state directory in the scratch folder, so the demo sees no run of the user's, and leaves no process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from archaeologist.temporal.server import stop_server
from archaeologist.temporal.state import STATE_VARIABLE, StateDirectory, open_state

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from support.repositories import make_repository  # noqa: E402 - the tests' own, and so no package to install

SHOWN_FILE = "stockroom/reports.py"
SHOWN_LINES = 48


def main() -> int:
    """Run the demo and return the exit code of `archaeologist modernize`."""
    scratch = Path(tempfile.mkdtemp(prefix="archaeologist-demo-"))
    repository = make_repository("inventory", scratch / "inventory")
    state = open_state(scratch / "state")
    try:
        code = modernize(repository, state)
        branch = branch_of(repository)
        if branch:
            show(repository, branch)
    finally:
        stop_server(state)
    if branch:
        explain(repository, state, branch)
    return code


def modernize(repository: Path, state: StateDirectory) -> int:
    """Run the command that this is about, with no configuration but the demo's own."""
    command = ["modernize", str(repository), "--trust-tests", "--no-tui"]
    say(f"$ archaeologist {' '.join(command)}")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ARCHAEOLOGIST_", "TEMPORAL_"))
    }
    environment[STATE_VARIABLE] = str(state.path)
    return subprocess.run([sys.executable, "-m", "archaeologist", *command], env=environment, check=False).returncode


def branch_of(repository: Path) -> str:
    """Return the branch that the run made, or nothing when it made none."""
    return git(repository, "for-each-ref", "--format=%(refname:short)", "refs/heads/archaeologist")


def show(repository: Path, branch: str) -> None:
    """Print the branch's commits and the beginning of what they did to one file."""
    base = git(repository, "rev-parse", "HEAD")
    say(f"\n$ git log --oneline --reverse main..{branch}")
    say(git(repository, "log", "--oneline", "--no-decorate", "--reverse", f"{base}..{branch}"))
    say(f"\n$ git diff main {branch} -- {SHOWN_FILE}")
    lines = git(repository, "diff", "--no-color", base, branch, "--", SHOWN_FILE).splitlines()
    say("\n".join(lines[:SHOWN_LINES]))
    if len(lines) > SHOWN_LINES:
        say(f"... and {len(lines) - SHOWN_LINES} lines more")


def explain(repository: Path, state: StateDirectory, branch: str) -> None:
    """Say where everything is and how to look at it."""
    say(
        f"\nThe repository is in {repository}, its checkout and its branch main as they were. Look at the result:\n\n"
        f"  git -C {repository} log -p --reverse main..{branch}\n"
        f"  git -C {repository} notes --ref archaeologist show {branch}\n\n"
        f"The second one is the report, with what was left alone and why. The run's own log is below {state.runs}.\n"
        f"Server and worker are stopped; `rm -r {repository.parent}` removes all of it."
    )


def git(repository: Path, *args: str) -> str:
    """Run git in the demo's repository and return its output."""
    done = subprocess.run(["git", "-C", str(repository), *args], capture_output=True, text=True, check=True)
    return done.stdout.strip("\n")


def say(text: str) -> None:
    """Print at once, so that lines keep their order with those of the commands in between."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
