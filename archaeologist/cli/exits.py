"""The exit codes, a promise to scripts.

0    done; in `check`: nothing to complain of
1    `check` found something, or verification failed
2    wrong usage or configuration
3    could not run (no server, no model, not a repository)
4    stopped by budget or time limit; the work so far is kept
130  interrupted; the run goes on unless cancelled
"""

from __future__ import annotations

from typing import Final

DONE: Final = 0
FOUND: Final = 1
USAGE: Final = 2
CANNOT_RUN: Final = 3
STOPPED: Final = 4
INTERRUPTED: Final = 130
