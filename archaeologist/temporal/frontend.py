"""The embedded server's HTTP interface: health, namespaces, open workflows.

The standard library speaks it, so that the keeper stays small and a health check costs a millisecond. Workflows are
started and followed over gRPC by the SDK, never here.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

from archaeologist.errors import ServerError

LOOPBACK = "127.0.0.1"
RETENTION_DAYS = 365

_SECONDS_A_DAY = 24 * 60 * 60
_RETENTION = f"{RETENTION_DAYS * _SECONDS_A_DAY}s"
_USABLE_SECONDS = 15.0
_POLL_SECONDS = 0.02
_SYSTEM_NAMESPACE = "temporal-system"


@dataclass(frozen=True)
class Frontend:
    """A client of one embedded server.

    Attributes:
        port: the server's HTTP port on loopback.
        timeout: seconds that a request may take.
    """

    port: int
    timeout: float = 5.0

    def version(self) -> str:
        """Return the server's version; that it answers means that it takes requests.

        Raises:
            ServerError: it is not there or not ready.
        """
        return str(self._get("system-info")["serverVersion"])

    def ensure_namespace(self, name: str) -> None:
        """Make the namespace exist and keep closed runs for at least `RETENTION_DAYS`.

        Raises:
            ServerError: the server did not do it.
        """
        path = f"namespaces/{quote(name, safe='')}"
        status, found = self._request("GET", path)
        if status == HTTPStatus.NOT_FOUND:
            body = {"namespace": name, "workflowExecutionRetentionPeriod": _RETENTION}
            self._request("POST", "namespaces", body)
            self._await_usable(name)
            found = self._get(path)
        if _retention_days(found) >= RETENTION_DAYS:
            return
        self._request("POST", f"{path}/update", {"config": {"workflowExecutionRetentionTtl": _RETENTION}})
        if _retention_days(self._get(path)) < RETENTION_DAYS:
            raise ServerError(f"the server does not keep closed runs of namespace {name} for {RETENTION_DAYS} days")

    def namespaces(self) -> list[str]:
        """Return the names of all namespaces but the server's own.

        Raises:
            ServerError: the server does not answer.
        """
        listed = self._get("namespaces?pageSize=1000").get("namespaces", [])
        names = [str(entry["namespaceInfo"]["name"]) for entry in listed]
        return [name for name in names if name != _SYSTEM_NAMESPACE]

    def open_workflows(self, workflow_type: str | None = None) -> int:
        """Return how many workflows are running, in all namespaces together.

        Args:
            workflow_type: count those of this type only.

        Raises:
            ServerError: the server does not answer.
        """
        query = "ExecutionStatus = 'Running'"
        if workflow_type is not None:
            query += f" AND WorkflowType = '{workflow_type}'"
        # Protobuf's JSON leaves a zero out.
        return sum(int(self._get(_count_path(name, query)).get("count", 0)) for name in self.namespaces())

    def _await_usable(self, name: str) -> None:
        """Wait until every part of the server knows a new namespace, which takes about a second."""
        deadline = time.monotonic() + _USABLE_SECONDS
        while self._request("GET", _count_path(name, ""))[0] != HTTPStatus.OK:
            if time.monotonic() >= deadline:
                raise ServerError(f"the server does not take requests for its new namespace {name}")
            time.sleep(_POLL_SECONDS)

    def _get(self, path: str) -> dict[str, Any]:
        status, answer = self._request("GET", path)
        if status != HTTPStatus.OK:
            raise ServerError(f"the server answered {status} to {path}: {answer.get('message', '')}")
        return answer

    def _request(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=self.timeout)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1/{path}", payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise ServerError(f"the server on port {self.port} does not answer: {error}") from error
        finally:
            connection.close()


def _count_path(namespace: str, query: str) -> str:
    return f"namespaces/{quote(namespace, safe='')}/workflow-count?query={quote(query)}"


def _retention_days(described: dict[str, Any]) -> float:
    text = str(described.get("config", {}).get("workflowExecutionRetentionTtl", "0s"))
    return float(text.removesuffix("s")) / _SECONDS_A_DAY
