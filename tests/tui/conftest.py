from __future__ import annotations

from support.recordings import demo_in_the_middle, demo_run

__all__ = ["demo_in_the_middle", "demo_run"]
