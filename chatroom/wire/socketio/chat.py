"""The chat in the words of Socket.IO (docs/protocol.md, "Socket.IO").

Commands are events with one object for argument, but for the tutorial's own, `chat message`.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from chatroom.core.commands import Command, Join
from chatroom.core.errors import Refused
from chatroom.core.events import Done, Error, Event, Said
from chatroom.wire import json
from chatroom.wire.json import refused

MESSAGE = "chat message"
# No `ref` of a client's holds a NUL, so ours can be told from it.
MARK = "\0"


class Closing(Event, frozen=True, kw_only=True):
    """The connection is about to be closed; `reconnect` in seconds, where it is told."""

    code: int
    reason: str
    reconnect: float | None = None


class Auth(msgspec.Struct, frozen=True):
    """What a client may say on connecting."""

    nick: str | None = None
    token: str | None = None
    room: str | None = None
    since: int | None = None
    epoch: str | None = None
    password: str | None = None


def decode_auth(auth: dict[str, Any], fault: str | None, lobby: str) -> tuple[Auth, Join]:
    """Read who a client is, and the join that it asks for; raises `Refused`."""
    if fault is not None:
        raise refused("bad_json", fault, auth)
    said = json.fill(Auth, auth)
    asked = {name: getattr(said, name) for name in ("since", "epoch", "password")}
    return said, json.fill(Join, asked | {"room": lobby if said.room is None else said.room})


def decode(name: str, arguments: Sequence[Any], fault: str | None) -> Command:
    """Turn an event into a command; raises `Refused`."""
    fields = _fields(name, arguments)
    if fault is not None:
        raise refused("bad_json", fault, fields)
    if name == MESSAGE:
        name = "say"
    return json.convert(name, fields)


def _fields(name: str, arguments: Sequence[Any]) -> dict[str, Any]:
    options = arguments[1:] if name == MESSAGE else arguments
    # `undefined` in JavaScript, where nothing was meant.
    fields = {} if not options or options[0] is None else options[0]
    if not isinstance(fields, dict):
        raise Refused("bad_field", "An event has one object for argument.")
    if len(options) > 1:
        raise refused("bad_field", "An event has one object for argument.", fields)
    if name == MESSAGE:
        return {**fields, "text": arguments[0] if arguments else None}
    return fields


def encode(event: Event) -> bytes:
    """Give the Engine.IO message that carries an event, to be sent to any number of clients."""
    if isinstance(event, Said):
        fields = msgspec.to_builtins(event)
        text = fields.pop("text")
        return b"42" + json.encode([MESSAGE, text, fields])
    return b"42" + json.encode([event.__struct_config__.tag, event])


def mark(id: int, ref: str | None) -> str:
    """Give the `ref` by which the answer to a command is known for the acknowledgement `id`."""
    return f"{MARK}{id}" if ref is None else f"{MARK}{id}{MARK}{ref}"


def asked(ref: str | None) -> int | None:
    """Give the acknowledgement that a command with this `ref` asked for, if it did."""
    return int(ref.split(MARK)[1]) if ref is not None and ref.startswith(MARK) else None


def acknowledge(id: int, event: Event) -> bytes:
    """Give the Engine.IO message that acknowledges a command by the event that answers it."""
    answer: dict[str, Any] = {"ok": not isinstance(event, Error)}
    if isinstance(event, Done):
        if event.seq is not None:
            answer["seq"] = event.seq
    else:
        answer["event" if answer["ok"] else "error"] = unmarked(event)
    return b"43%d%b" % (id, json.encode([answer]))


def unmarked(event: Event) -> Event:
    """Give an answer with the client's own `ref`, if it had one."""
    _, _, *own = event.ref.split(MARK)  # type: ignore[attr-defined]
    return replace(event, ref=own[0] if own else None)
