"""What makes two questions the same: messages, tools and the form of the answer; not the key of the attempt."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist.domain.chat import ChatRequest


def digest_of(request: ChatRequest) -> str:
    """Return the SHA-256 of what the model is asked."""
    return hashlib.sha256(request.model_dump_json(include={"messages", "tools", "answer"}).encode()).hexdigest()
