"""JSON as RFC 8259 has it and our rules narrow it (docs/protocol.md, "Limits")."""

from itertools import chain
from typing import Any

import msgspec

from chatroom.core.errors import Refused

MAX_DEPTH = 8

_decode = msgspec.json.Decoder().decode


def parse(payload: bytes | str) -> Any:
    """Decode JSON: no NaN, no infinity, no lone surrogates; of duplicate keys the last counts.

    Raises `Refused('bad_json')`. Without a type: a typed decode would skip unknown fields unread.
    """
    try:
        return _decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("bad_json", "This is not JSON as RFC 8259 has it.") from None


def fault(value: object, payload: bytes, depth: int = MAX_DEPTH) -> str | None:
    """Say what is wrong with what `payload` holds: NUL anywhere, or nesting deeper than `depth`."""
    # Brackets within strings only make the count too high, and the walk then decides.
    if payload.count(b"{") + payload.count(b"[") > depth or b"\\u0000" in payload:
        return _fault(value, depth)
    return None


def _fault(value: object, depth: int) -> str | None:
    if isinstance(value, str):
        return "A string holds no NUL." if "\0" in value else None
    if not isinstance(value, (dict, list)):
        return None
    if not depth:
        return f"JSON is at most {MAX_DEPTH} levels deep here."
    inside = chain(value.keys(), value.values()) if isinstance(value, dict) else value
    return next((found for item in inside if (found := _fault(item, depth - 1))), None)
