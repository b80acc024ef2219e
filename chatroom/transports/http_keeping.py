"""All that is about order, below `/api/v1/`: which path is what."""

from dataclasses import dataclass

from twisted.web.resource import Resource

from chatroom.core.commands import Audit, Moderation, Versions
from chatroom.core.enforcement import Enforcement
from chatroom.core.knocking import Knocking
from chatroom.core.moderating import Moderating
from chatroom.core.owning import Owning
from chatroom.core.parting import Parting
from chatroom.core.purging import Purging
from chatroom.core.retaining import Retaining
from chatroom.core.reviewing import Reviewing
from chatroom.core.standing import Standing
from chatroom.transports.endpoint import Terms
from chatroom.transports.http_membership import Membership, Owner
from chatroom.transports.http_moderation import (
    OneBan,
    OneMember,
    OneMute,
    OneRole,
    Purges,
    Reviews,
    RoomRules,
    WhatWouldGo,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What of the core keeps order."""

    standing: Standing
    enforcement: Enforcement
    knocking: Knocking
    moderating: Moderating
    purging: Purging
    reviewing: Reviewing
    retaining: Retaining
    owning: Owning


class KeepingResources:
    """Gives each path about order its resource."""

    def __init__(self, terms: Terms, keeping: Keeping, parting: Parting) -> None:
        moderating, reviewing = keeping.moderating, keeping.reviewing
        self._roles = OneRole(terms, moderating)
        self._mutes = OneMute(terms, moderating)
        self._bans = OneBan(terms, moderating)
        self._members = OneMember(terms, moderating)
        self._rules = RoomRules(terms, moderating)
        self._going = WhatWouldGo(terms, keeping.retaining)
        self._purges = Purges(terms, keeping.purging)
        self._moderation = Reviews(terms, reviewing, Moderation)
        self._audit = Reviews(terms, reviewing, Audit)
        self._versions = Reviews(terms, reviewing, Versions)
        self._membership = Membership(terms, keeping.knocking, keeping.standing, parting)
        self._owner = Owner(terms, keeping.owning)

    def at(self, path: list[bytes]) -> Resource | None:
        """Give what is at a path below `v1`, if it is about order."""
        match path:
            case [b"rooms", _, b"roles", _]:
                return self._roles
            case [b"rooms", _, b"mutes", _]:
                return self._mutes
            case [b"rooms", _, b"bans", _] | [b"bans", _]:
                return self._bans
            case [b"rooms", _, b"members", _]:
                return self._members
            case [b"rooms", _, b"members", _, b"messages"]:
                return self._purges
            case [b"rooms", _, b"messages", _, b"versions"]:
                return self._versions
            case [b"rooms", _, b"rules"]:
                return self._rules
            case [b"rooms", _, b"retention"]:
                return self._going
            case [b"rooms", _, b"moderation"] | [b"moderation"]:
                return self._moderation
            case [b"rooms", _, b"audit"] | [b"audit"]:
                return self._audit
            case [b"rooms", _, b"membership"]:
                return self._membership
            case [b"owner"]:
                return self._owner
        return None
