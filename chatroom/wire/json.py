"""The JSON of `/ws`: one object a text frame (docs/protocol.md, "Chat over `/ws`")."""

from typing import Any

import msgspec

from chatroom.core import commands
from chatroom.core.commands import Command
from chatroom.core.errors import Refused

MAX_DEPTH = 8

COMMANDS: dict[str, type[Command]] = {
    kind.__name__.lower(): kind
    for kind in (
        commands.Hello,
        commands.Join,
        commands.Leave,
        commands.Say,
        commands.Typing,
        commands.Nick,
        commands.Members,
        commands.History,
        commands.Ping,
    )
}

_decode_any = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode


def decode(payload: bytes) -> Command:
    """Turn one frame into a command.

    Raises `Refused`: `bad_json`, `unknown_type` or `bad_field`, with the frame's `ref` where it has
    a sound one.
    """
    # A generic decode and then a conversion: of duplicate keys the last counts, and non-finite
    # numbers and lone surrogates are refused in unknown fields too. A typed decode skips those.
    try:
        frame = _decode_any(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("bad_json", "This is not a JSON object as RFC 8259 has it.") from None
    if type(frame) is not dict:
        raise Refused("bad_json", "A frame holds one JSON object.")
    # Brackets within strings only make the count too high, and the walk then decides.
    if payload.count(b"{") + payload.count(b"[") > MAX_DEPTH or b"\\u0000" in payload:
        _check(frame, MAX_DEPTH)
    return convert(frame.get("type"), frame)


def convert(kind: object, fields: dict[str, Any]) -> Command:
    """Turn decoded fields into the command named `kind`; raises `Refused` as `decode` does."""
    ref = fields.get("ref")
    ref = ref if type(ref) is str and len(ref) <= 64 else None
    if type(kind) is not str:
        raise Refused("bad_field", "`type` names the command.", ref=ref)
    command = COMMANDS.get(kind)
    if command is None:
        raise Refused("unknown_type", "There is no such command.", ref=ref)
    try:
        return msgspec.convert(fields, command)
    except msgspec.ValidationError as error:
        raise Refused("bad_field", f"{error}.", ref=ref) from None


def _check(value: object, depth: int) -> None:
    """Refuse NUL anywhere and nesting deeper than `depth`."""
    if type(value) is str:
        if "\0" in value:
            raise Refused("bad_json", "A string holds no NUL.")
    elif isinstance(value, (dict, list)):
        if not depth:
            raise Refused("bad_json", f"A frame is at most {MAX_DEPTH} levels deep.")
        if isinstance(value, dict):
            for key in value:
                _check(key, depth)
            value = list(value.values())
        for item in value:
            _check(item, depth - 1)
