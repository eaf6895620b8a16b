"""A server that a crash test asks instead of a paid model: chat completions over real HTTP, and a count of the answers.

It lives in the process of the crash test, which nobody kills, so its count is what a vendor's bill would be.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from archaeologist.crashtest.modest import answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from archaeologist.crashtest.modest import Said

_PACE_SECONDS = 0.05
"""Between the pieces of an answer, so that kills meet answers on their way."""

_POLL_SECONDS = 0.05
_CHARACTERS = 4
"""Of a token, about."""


class Answerer:
    """The server, for as long as a `with` block lasts.

    Attributes:
        asked: how often each question came, by its Idempotency-Key.
        paid: how often each was answered to the end.
        roles: how each agent's questions begin, to see that all were asked.
    """

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.roles: set[str] = set()
        self._counting = threading.Lock()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.answerer = self

    @property
    def model(self) -> str:
        """The name under which `--model` knows it."""
        return f"http://127.0.0.1:{self._http.server_port}/v1#modest"

    @property
    def questions(self) -> int:
        """How many came so far."""
        with self._counting:
            return self.asked.total()

    def answers_in(self, run_id: str) -> int:
        """Return how many questions of a run were answered to the end."""
        with self._counting:
            return sum(times for key, times in self.paid.items() if run_id in key)

    def twice_in(self, run_id: str) -> list[str]:
        """Return what was asked or paid more than once in a run, in words."""
        with self._counting:
            asked = [f"{key} was asked {times} times" for key, times in self.asked.items() if times > 1]
            paid = [f"{key} was paid {times} times" for key, times in self.paid.items() if times > 1]
        return sorted(line for line in asked + paid if run_id in line)

    def note(self, key: str, body: dict[str, Any]) -> None:
        """Count a question."""
        with self._counting:
            self.asked[key] += 1
            self.roles.add(str(body["messages"][0]["content"])[:40])

    def pay(self, key: str) -> None:
        """Count an answer that was sent to its end."""
        with self._counting:
            self.paid[key] += 1

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    answerer: Answerer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: processes that are killed hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_POST(self) -> None:
        """Answer one request."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        body, key = json.loads(raw), self.headers.get("Idempotency-Key", "")
        self.server.answerer.note(key, body)
        mark = hashlib.sha256(json.dumps(body["messages"]).encode()).hexdigest()[:8]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in _pieces(answer(body), body, mark):
            self.wfile.write(f"data: {piece}\n\n".encode())
            self.wfile.flush()
            time.sleep(_PACE_SECONDS)
        self.server.answerer.pay(key)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name for it
        """Say nothing."""


def _pieces(said: Said, body: dict[str, Any], mark: str) -> Iterator[str]:
    """Yield the data of the events that a streamed answer is made of."""
    calls = [
        {
            "index": index,
            "id": f"call_{mark}_{index}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments)},
        }
        for index, (name, arguments) in enumerate(said.calls)
    ]
    head = {"id": f"chatcmpl-{mark}", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": said.text}, *({"tool_calls": [c]} for c in calls)]
    for delta in deltas:
        yield json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    end = "tool_calls" if calls else "stop"
    yield json.dumps({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": end}]})
    prompt, completion = len(json.dumps(body["messages"])) // _CHARACTERS, len(json.dumps(deltas)) // _CHARACTERS
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    yield json.dumps({**head, "choices": [], "usage": usage})
    yield "[DONE]"
