from __future__ import annotations

from support.recordings import demo_run

__all__ = ["demo_run"]
