"""Who may do what: one table, from which docs/permissions.md and the tests are made too."""

from enum import Enum, IntEnum
from typing import NamedTuple

from chatroom.core.errors import Refused


class Role(IntEnum):
    """What somebody is in a room; each may do what those before it may.

    A `HOST` owns the server, and is that in every room. On the wire a role is its name in lower
    case.
    """

    GUEST = 0
    MEMBER = 1
    MODERATOR = 2
    OWNER = 3
    HOST = 4

    @property
    def word(self) -> str:
        """What it is called on the wire."""
        return self.name.lower()


class Act(Enum):
    """What is asked of the table."""

    ENTER = "enter"
    ENTER_CLOSED = "enter_closed"
    SAY = "say"
    ANNOUNCE = "announce"
    HURRY = "hurry"
    DELETE = "delete"
    PURGE = "purge"
    MUTE = "mute"
    KICK = "kick"
    BAN = "ban"
    REVIEW = "review"
    RULE = "rule"
    ADMIT = "admit"
    APPOINT = "appoint"
    SET_PASSWORD = "set_password"
    INVITE = "invite"
    LIST = "list"
    ARCHIVE = "archive"
    DESTROY = "destroy"
    RETAIN = "retain"
    BAN_FROM_SERVER = "ban_from_server"


class Right(NamedTuple):
    """From which role on an act is allowed, and how it is put in words.

    `outranks`: only towards somebody of a lower role.
    """

    least: Role
    words: str
    outranks: bool = False


RIGHTS = {
    Act.ENTER: Right(Role.GUEST, "enter an open room and read it"),
    Act.ENTER_CLOSED: Right(
        Role.MEMBER, "enter and read a room that is private, locked or has a password"
    ),
    Act.SAY: Right(Role.GUEST, "say, edit and delete one's own, react"),
    Act.ANNOUNCE: Right(Role.MODERATOR, "say something where only announcements are made"),
    Act.HURRY: Right(Role.MODERATOR, "write without the wait of slow mode"),
    Act.DELETE: Right(Role.MODERATOR, "delete what somebody else said"),
    Act.PURGE: Right(Role.MODERATOR, "delete all that somebody said", outranks=True),
    Act.MUTE: Right(Role.MODERATOR, "mute somebody for a time, and undo it", outranks=True),
    Act.KICK: Right(Role.MODERATOR, "remove somebody from the room", outranks=True),
    Act.BAN: Right(Role.MODERATOR, "ban somebody from the room, and undo it", outranks=True),
    Act.REVIEW: Right(
        Role.MODERATOR,
        "see earlier texts of a message, who is muted or banned, and what moderators did",
    ),
    Act.RULE: Right(
        Role.MODERATOR,
        "lock the room, slow it down, let only moderators write, say what it is about",
    ),
    Act.INVITE: Right(Role.MODERATOR, "invite by link, and take that back"),
    Act.ADMIT: Right(Role.MODERATOR, "make guests members, and members guests", outranks=True),
    Act.APPOINT: Right(Role.OWNER, "appoint moderators and owners, and dismiss", outranks=True),
    Act.SET_PASSWORD: Right(Role.OWNER, "give the room a password, and take it away"),
    Act.LIST: Right(Role.OWNER, "list the room or not, and give a private one another title"),
    Act.ARCHIVE: Right(Role.OWNER, "archive the room, and open it again"),
    Act.DESTROY: Right(Role.OWNER, "delete the room with all that was said there"),
    Act.RETAIN: Right(Role.OWNER, "say how long messages are kept, and see what would go"),
    Act.BAN_FROM_SERVER: Right(
        Role.HOST, "ban somebody from the whole server, and undo it", outranks=True
    ),
}

_WHO = {
    Role.MEMBER: "members",
    Role.MODERATOR: "moderators",
    Role.OWNER: "the room's owners",
    Role.HOST: "those who own the server",
}


def check(act: Act, role: Role, towards: Role = Role.GUEST) -> None:
    """Raise `Refused('forbidden')` unless somebody of this role may do this.

    `towards` is the role of whom it is done to, where it is done to somebody.
    """
    right = RIGHTS[act]
    if role < right.least:
        raise forbidden(f"Only {_WHO[right.least]} may {right.words}.", "role")
    if right.outranks and role <= towards:
        raise forbidden("Nobody may do this to one of the same or a higher role.", "role")


def is_allowed(act: Act, role: Role) -> bool:
    """Whether somebody of this role may do this, where it is done to nobody."""
    return role >= RIGHTS[act].least


def forbidden(
    sentence: str, why: str, until: int | None = None, reason: str | None = None
) -> Refused:
    """Refuse with a word for programs beside the sentence for people; `until` is in ms."""
    return Refused("forbidden", sentence, why=why, until=until, reason=reason)
