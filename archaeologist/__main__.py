"""`python -m archaeologist`: the command line, for processes that must find it whatever PATH is."""

from __future__ import annotations

from archaeologist.cli import main

if __name__ == "__main__":
    main()
