"""The names that files can be imported under: a module of the project is not the one of the library with its name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.project.models import FileFacts


def stem_of(path: str) -> str:
    """The last part of the name of the module in a file."""
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


def module_place(path: str) -> str:
    """Where a file is in the tree of modules: `app/compat` for `app/compat.py`, `app` for `app/__init__.py`."""
    place = PurePosixPath(path).with_suffix("")
    return str(place.parent if place.name == "__init__" else place)


def nearest_roots(path: str) -> tuple[str, ...]:
    """What a file, by its path from the root of a project, may be imported as first, where folders are no packages.

    `src/app/core.py` may be imported as `src.app.core` or, with `src` on the path, as `app.core`.
    """
    parts = PurePosixPath(path).parts[:2]
    return tuple(sorted({PurePosixPath(part).stem for part in parts}))


def outermost(files: Iterable[FileFacts]) -> Iterator[str]:
    """The packages that are in no other one, and the modules that are in none: in whatever folder of the project.

    A path may begin anywhere, so that its first parts need not be those of the project.
    """
    places = [(file.place, file.package) for file in files]
    packages = {place for place, is_package in places if is_package}
    for place, _ in places:
        folder, _, name = place.rpartition("/")
        while folder in packages:
            folder, _, name = folder.rpartition("/")
        yield name
