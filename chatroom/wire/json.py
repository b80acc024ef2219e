"""The JSON of `/ws`: one object a text frame (docs/protocol.md, "Chat over `/ws`")."""

import re
from typing import Any, TypeVar

import msgspec

from chatroom.core import commands
from chatroom.core.commands import CLIENT_ID, Command
from chatroom.core.errors import Refused
from chatroom.wire import strict

C = TypeVar("C", bound=msgspec.Struct)

# One with a lone surrogate could not be sent back.
REFERENCE = r"[^\0\ud800-\udfff]{0,64}"

COMMANDS: dict[str, type[Command]] = {
    kind.__name__.lower(): kind
    for kind in (
        commands.Hello,
        commands.Join,
        commands.Leave,
        commands.Say,
        commands.Edit,
        commands.Delete,
        commands.React,
        commands.Unreact,
        commands.Read,
        commands.Unread,
        commands.Typing,
        commands.Nick,
        commands.Members,
        commands.History,
        commands.Search,
        commands.Rule,
        commands.Retention,
        commands.Appoint,
        commands.Mute,
        commands.Unmute,
        commands.Kick,
        commands.Ban,
        commands.Unban,
        commands.Purge,
        commands.Moderation,
        commands.Audit,
        commands.Versions,
        commands.Rooms,
        commands.Create,
        commands.Direct,
        commands.Invite,
        commands.Invitations,
        commands.Revoke,
        commands.Part,
        commands.Destroy,
        commands.Own,
        commands.Ping,
    )
}

encode = msgspec.json.Encoder().encode


def decode(payload: bytes) -> Command:
    """Turn one frame into a command.

    Raises `Refused`: `bad_json`, `unknown_type` or `bad_field`, with the frame's `ref` where it has
    a sound one.
    """
    frame = parse(payload)
    return convert(frame.get("type"), frame)


def parse(payload: bytes) -> dict[str, Any]:
    """Give the fields of one JSON object; raises `Refused('bad_json')`."""
    frame = strict.parse(payload)
    if type(frame) is not dict:
        raise Refused("bad_json", "A frame holds one JSON object.")
    fault = strict.fault(frame, payload)
    if fault is not None:
        raise refused("bad_json", fault, frame)
    return frame


def convert(kind: object, fields: dict[str, Any]) -> Command:
    """Turn decoded fields into the command named `kind`; raises `Refused` as `decode` does."""
    if type(kind) is not str:
        raise refused("bad_field", "`type` names the command.", fields)
    command = COMMANDS.get(kind)
    if command is None:
        raise refused("unknown_type", "There is no such command.", fields)
    return fill(command, fields)


def fill(command: type[C], fields: dict[str, Any]) -> C:
    """Make a command of decoded fields; raises `Refused('bad_field')`."""
    try:
        return msgspec.convert(fields, command)
    except msgspec.ValidationError as error:
        raise refused("bad_field", _sentence(str(error)), fields) from None
    except UnicodeError:
        # A number is wanted, and what a URL had in its place is no text either.
        raise refused("bad_field", "Lone surrogates are no text.", fields) from None


def refused(code: str, message: str, fields: dict[str, Any]) -> Refused:
    """Refuse a frame under its own `ref` and `id`, where these are sound."""
    ref, id = fields.get("ref"), fields.get("id")
    return Refused(
        code,
        message,
        ref=ref if type(ref) is str and re.fullmatch(REFERENCE, ref) else None,
        id=id if type(id) is str and re.fullmatch(CLIENT_ID, id) else None,
    )


def _sentence(problem: str) -> str:
    """Say what msgspec found as a person would read it."""
    expected, _, field = problem.partition(" - at `$.")
    if "matching regex" in expected:
        expected = "Expected 1 to 64 printable ASCII characters"
    return f"`{field}: {expected}." if field else f"{expected}."
