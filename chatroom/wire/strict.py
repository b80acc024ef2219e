"""JSON as RFC 8259 has it and our rules narrow it (docs/protocol.md, "Limits")."""

from itertools import chain
from typing import Any

import msgspec

from chatroom.core.errors import Refused

MAX_DEPTH = 8
NESTING = (dict, list)

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
    # Without the pairs that are a backslash, each one left begins an escape.
    if b"\\u0000" in payload and b"\\u0000" in payload.replace(rb"\\", b""):
        return "A string holds no NUL."
    # Brackets within strings only make the count too high, and a look at the levels then decides.
    if payload.count(b"{") + payload.count(b"[") > depth and _is_deeper(value, depth):
        return f"JSON is at most {MAX_DEPTH} levels deep here."
    return None


def _is_deeper(value: object, depth: int) -> bool:
    # A level at a time, and each without what is no level itself.
    level: list[Any] = [[value]]
    for _ in range(depth + 1):
        inside = [each.values() if type(each) is dict else each for each in level if each]
        level = [item for item in chain.from_iterable(inside) if type(item) in NESTING]
    return bool(level)
