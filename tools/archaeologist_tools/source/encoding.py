"""How the bytes of a Python file become text: PEP 263."""

from __future__ import annotations

import codecs
import io
import tokenize

BOM = b"\xef\xbb\xbf"
COOKIE_LINES = 2
"""The first lines of a file, one of which may declare its encoding."""


def head(data: bytes) -> bytes:
    """The first lines of a file, one of which may declare its encoding; more where a lone CR ends them."""
    return data[: data.find(b"\n", data.find(b"\n") + 1) + 1 or None]


def encoding_of(data: bytes) -> str | None:
    """The name of the codec that reads a file and writes it back byte for byte, or None."""
    if data.isascii() and b"coding" not in head(data):
        return "utf-8"  # PEP 263: nothing declares another one
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        # One name for each codec: a cookie may write `utf8`, and no cookie gives `utf-8`.
        name = codecs.lookup("utf-8" if name == "utf-8-sig" else name).name
        body = data.removeprefix(BOM)
        same = body.decode(name).encode(name) == body
    except (SyntaxError, UnicodeError, LookupError, TypeError):
        # TypeError: a cookie may name a codec such as rot13 that does not decode bytes.
        return None
    return name if same else None
