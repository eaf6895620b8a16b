"""Keeps examples that a model wrote inside of the checkout: a hook for what the interpreter audits (PEP 578).

Runs inside the project's own interpreter (Python 3.8 and later); imports nothing of ours. Examples may call what the
project has, with whatever arguments a model was talked into. So they start no program, open no connection, and neither
write nor read outside of a few folders. A hook cannot be taken away again; compiled code that opens files by itself is
not seen, which is why examples go through a gate before they get here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/sys", "/System", "/Library")
_DEVICES = ("/dev/null", "/dev/urandom", "/dev/random", "/dev/zero", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROGRAMS = frozenset(
    (
        "subprocess.Popen", "pty.spawn", "signal.pthread_kill", "os.startfile", "os.system", "os.exec", "os.spawn",
        "os.posix_spawn", "os.fork", "os.forkpty", "os.kill", "os.killpg",
    )
)  # fmt: skip
_CONNECTIONS = frozenset(
    "socket." + name
    for name in (
        "connect", "bind", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo",
        "getservbyname", "sethostname",
    )
)  # fmt: skip
# Where an event has its paths, and the numbers of the folders that these begin at.
_CHANGES = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    **dict.fromkeys(
        ("os.truncate", "os.lchown", "os.setxattr", "os.removexattr", "os.chflags", "os.lchflags"), ((0, None),)
    ),
}  # type: dict[str, Sequence[tuple[int, int | None]]]
_READS = frozenset(("os.listdir", "os.scandir", "os.listxattr", "os.getxattr"))
_MOST = 20


class Guard:
    """Refuses what examples must not do.

    Args:
        folders: the checkout, and where temporary files go.
    """

    def __init__(self, folders: Sequence[str]) -> None:
        own = [os.path.realpath(folder) for folder in folders]
        prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(__file__))  # noqa: PTH120 - as in 3.8
        process = "/proc/" + str(os.getpid())
        self._writable = (*own, "/dev/null")
        self._readable = (*own, *map(os.path.realpath, prefixes), *_SYSTEM, *_DEVICES, process)
        self._strict = False
        self.refused = []  # type: list[str]

    def start(self) -> None:
        """Begins to look; from here on, the project's code is confined as well."""
        if not hasattr(sys, "addaudithook"):
            raise RuntimeError("Python 3.8 or later is needed to confine examples")
        sys.addaudithook(self._look)

    def be_strict(self) -> None:
        """Begins to count what is refused, and refuses what modules need only while they are imported."""
        self._strict = True

    def _look(self, event: str, arguments: Sequence[Any]) -> None:
        reason = self._reason(event, arguments)
        if reason:
            if self._strict and len(self.refused) < _MOST:
                self.refused.append(reason)
            raise PermissionError(f"an example must not do this: it {reason}")

    def _reason(self, event: str, arguments: Sequence[Any]) -> str:
        if event == "open":
            return self._opened(*arguments)
        if event in _CHANGES:
            return self._changed(event, arguments)
        if event in _READS:
            return self._beyond("." if arguments[0] is None else arguments[0], writes=False)
        if event == "sqlite3.connect":
            return "" if arguments[0] in {":memory:", "", b""} else self._beyond(arguments[0], writes=True)
        if event in _PROGRAMS:
            return "starts or ends a program"
        if event in _CONNECTIONS:
            return "opens a connection"
        compiled = self._strict and event.startswith("ctypes.") and arguments != (None,)
        return "calls compiled code through ctypes" if compiled else ""

    def _opened(self, path: Any, mode: Any, flags: Any) -> str:
        writes = bool(set(mode or "") & set("wax+")) or bool((flags or 0) & _WRITING)
        return self._beyond(path, writes=writes)

    def _changed(self, event: str, arguments: Sequence[Any]) -> str:
        for place, number in _CHANGES[event]:
            path, folder = arguments[place], -1 if number is None else arguments[number]
            if folder >= 0:
                path = os.path.join(_folder_of(folder), os.fsdecode(path))  # noqa: PTH118 - as in 3.8
            reason = self._beyond(path, writes=True)
            if reason:
                return reason
        return ""

    def _beyond(self, path: Any, *, writes: bool) -> str:
        """Says what is wrong with a path; nothing for a number, which was opened before."""
        if isinstance(path, int):
            return ""
        real = os.path.realpath(os.fsdecode(path))
        allowed = self._writable if writes else self._readable
        if any(real == folder or real.startswith(folder.rstrip(os.sep) + os.sep) for folder in allowed):
            return ""
        return f"{'writes' if writes else 'reads'} {os.fsdecode(path)}, which is not in the project"


def _folder_of(number: int) -> str:
    """Gives the path of an open folder; outside of everything where the system does not tell."""
    try:
        return os.readlink("/proc/self/fd/" + str(number))  # noqa: PTH115 - as in 3.8
    except OSError:
        return os.sep
