"""A model server that says what it is told: chat completions over real HTTP, streamed and not, with every misbehaviour.

    with ModelServer([Reply.calls(("read", {"path": "a.py"})), Reply.says("done")]) as server:
        model = chat_model(server.model, {})

A script is a list of replies, or a function of the request's body. It runs in threads of the test's own process, but
any process may ask it by its address.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from support.model_replies import Call, Reply
from support.model_wire import complaint, completion, events, metered, tokens_of, too_long

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

__all__ = ["Asked", "Call", "ModelServer", "Reply"]


_numbers = itertools.count(1)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def key(self) -> str:
        """Its Idempotency-Key, or nothing."""
        return self.headers.get("idempotency-key", "")


class ModelServer:
    """A server for as long as the `with` block lasts.

    Args:
        script: the replies in their order, or a function from a request's body to its reply. A list that has come to
            its end refuses what else is asked, so that no test goes on by accident.
        lacks: what the server refuses with status 400, by its name in the protocol; `complaint` of `model_wire.py`
            has the names. "ids" and "usage" are left out of answers without a word.
        curt: refusals do not say what was wrong.
        refusal_code: the status of these refusals.
        deaf: a server that does not know "stream" answers without streaming instead of refusing.
        context: tokens that a conversation may have; what is longer is refused as OpenAI does.
    """

    def __init__(
        self,
        script: Sequence[Reply] | Callable[[dict[str, Any]], Reply] = (),
        *,
        lacks: Sequence[str] = (),
        curt: bool = False,
        refusal_code: int = 400,
        deaf: bool = False,
        context: int | None = None,
    ) -> None:
        self.number = next(_numbers)
        self.script = script
        self.lacks = frozenset(lacks)
        self.curt = curt
        self.refusal_code = refusal_code
        self.deaf = deaf
        self.context = context
        self.requests: list[Asked] = []
        self.refused: list[Asked] = []
        self.too_long: list[Asked] = []
        self.paid: Counter[str] = Counter()
        self.connections = 0
        self.hung_up = threading.Event()
        self.hang_ups = 0
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._turn = 0
        self._http = _Listener(("127.0.0.1", 0), _handler(self))
        self._http.scripted = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def model(self) -> str:
        """The name under which `--model` knows this server. No two are the same: what a server lacks is remembered."""
        return f"{self.url}#scripted-{self.number}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was asked, oldest first, without what was refused for a feature that the server lacks."""
        return [asked.body for asked in self.requests]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def reply_to(self, asked: Asked) -> Reply:
        """Return the next reply, and note the request."""
        with self._lock:
            refused = complaint(asked.body, self.lacks - ({"stream"} if self.deaf else set()))
            if refused:
                self.refused.append(asked)
                message = "Bad Request" if self.curt else refused
                return Reply.status(self.refusal_code, message, error_code="unsupported_parameter")
            if self.context is not None and tokens_of(asked.body) > self.context:
                self.too_long.append(asked)
                return too_long(asked.body, self.context, curt=self.curt)
            self.requests.append(asked)
            if not callable(self.script):
                self._turn += 1
                if self._turn > len(self.script):
                    return Reply.status(400, "the script of this server has come to its end", error_code="script_ended")
                return self.script[self._turn - 1]
        # Without the lock, so that a script may hold an answer back until something else was asked.
        return self.script(asked.body)

    def note_hang_up(self) -> None:
        """Note that a client did not wait for its answer."""
        with self._lock:
            self.hang_ups += 1
        self.hung_up.set()

    def pay(self, key: str) -> None:
        """Note that an answer was sent to its end."""
        with self._lock:
            self.paid[key] += 1


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    scripted: ModelServer

    def get_request(self) -> Any:
        """Count who comes."""
        self.scripted.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what tests do."""


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    return type("_BoundHandler", (_Handler,), {"scripted": server})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    scripted: ModelServer

    def do_POST(self) -> None:
        """Answer one request."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.path, json.loads(raw), {name.lower(): value for name, value in self.headers.items()})
        if not self.path.endswith("/chat/completions"):
            self._error(Reply.status(404, f"no route {self.path}"))
            return
        reply = self.scripted.reply_to(asked)
        streamed = bool(asked.body.get("stream")) and "stream" not in self.scripted.lacks
        with self._noting_who_hangs_up():
            if reply.breaks == "hang_up":
                self.close_connection = True
            elif reply.code != 200 or isinstance(reply.error, str):
                self._error(reply)
            elif self._send(reply, asked, hashlib.sha256(raw).hexdigest()[:8], streamed=streamed):
                self.scripted.pay(asked.key)

    @contextmanager
    def _noting_who_hangs_up(self) -> Iterator[None]:
        try:
            yield
            self.wfile.flush()
        except OSError:
            self.close_connection = True
            self.scripted.note_hang_up()

    def _error(self, reply: Reply) -> None:
        body = (reply.error if isinstance(reply.error, str) else json.dumps(reply.error)).encode()
        self._head(reply, "application/json", {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, reply: Reply, kind: str, headers: dict[str, str]) -> None:
        self.send_response(reply.code)
        for name, value in {"Content-Type": kind, **headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, reply: Reply, asked: Asked, mark: str, *, streamed: bool) -> bool:
        usage = metered(reply, asked.body, never="usage" in self.scripted.lacks, streamed=streamed)
        make = events if streamed else completion
        pieces = make(reply, asked.body, "" if "ids" in self.scripted.lacks else mark, usage)
        kind = "text/event-stream" if streamed else "application/json"
        self._head(reply, kind, {"Transfer-Encoding": "chunked"})
        if reply.breaks in {"drop", "truncate"}:
            pieces = pieces[: max(1, len(pieces) // 2)] if streamed else [pieces[0][: len(pieces[0]) // 2]]
        if reply.breaks == "truncate" and streamed:
            pieces[-1] = pieces[-1][: len(pieces[-1]) // 2] + "\n\n"
        return self._write(pieces, reply)

    def _write(self, pieces: list[str], reply: Reply) -> bool:
        for piece in pieces:
            if reply.pace:
                self.wfile.flush()
                self._wait(reply.pace)
            data = piece.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if reply.breaks == "drop":
            self.close_connection = True
            return False
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        return not reply.breaks and reply.error is None

    def _wait(self, seconds: float) -> None:
        """Let time pass; raises when the client hangs up meanwhile, as a server would see it."""
        self.connection.settimeout(seconds)
        try:
            if not self.connection.recv(1):
                raise ConnectionResetError("the client hung up")
        except TimeoutError:
            self.connection.settimeout(None)
        if self.scripted.closing.is_set():
            raise ConnectionResetError("the test is over")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name for it
        """Say nothing."""
