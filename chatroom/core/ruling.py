"""What may become of a room's rules, and which rights that takes."""

from chatroom.core import names
from chatroom.core.commands import Rule
from chatroom.core.errors import Refused
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Act
from chatroom.core.work import Changes

_ACTS = {
    "locked": Act.RULE,
    "announcements": Act.RULE,
    "slow": Act.RULE,
    "topic": Act.RULE,
    "password": Act.SET_PASSWORD,
    "title": Act.LIST,
    "unlisted": Act.LIST,
    "archived": Act.ARCHIVE,
    "keep_days": Act.RETAIN,
    "keep_messages": Act.RETAIN,
}
ONLY_PUBLIC = {"locked", "password", "unlisted"}
"""What there is of public rooms alone."""


def acts(asked: Rule) -> list[Act]:
    """Give all that is asked of the table of rights."""
    found = {act for field, act in _ACTS.items() if getattr(asked, field) is not None}
    return sorted(found or {Act.RULE}, key=lambda act: act.value)


def changes(asked: Rule, kind: RoomKind) -> Changes:
    """Give what changes, all but the password, which is to be hashed; raises `Refused`."""
    if kind is RoomKind.PUBLIC and asked.title is not None:
        raise Refused("bad_field", "A public room is called by its name; a title is for others.")
    if kind is not RoomKind.PUBLIC:
        for field in sorted(ONLY_PUBLIC):
            if getattr(asked, field) is not None:
                raise Refused("bad_field", f"A private room needs no `{field}`: it is closed.")
    return Changes(
        locked=asked.locked,
        announcements=asked.announcements,
        slow=asked.slow,
        topic=None if asked.topic is None else names.topic(asked.topic),
        title=None if asked.title is None else names.title(asked.title),
        unlisted=asked.unlisted,
        archived=asked.archived,
        keep_days=asked.keep_days,
        keep_messages=asked.keep_messages,
    )
