"""The chat over plain HTTP, for whom a request at a time will do (docs/protocol.md, "HTTP API")."""

from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace
from twisted.web.resource import Resource

from chatroom.core import names
from chatroom.core.catching_up import CatchingUp
from chatroom.core.commands import Hello, History, Say
from chatroom.core.enforcement import Enforcement
from chatroom.core.errors import Refused
from chatroom.core.events import HistoryPage
from chatroom.core.exporting import Exporting
from chatroom.core.interfaces import Clock
from chatroom.core.limits import Paces
from chatroom.core.messages import Messages
from chatroom.core.reading import Reading
from chatroom.core.rooms import Rooms
from chatroom.core.searching import Searching
from chatroom.core.timeline import Timeline
from chatroom.transports.admission import Denied
from chatroom.transports.cors import JSON, Shared
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.held import Held
from chatroom.transports.http import Request
from chatroom.transports.http_changes import OneMessage, OneReaction, ReadMark, UnreadList
from chatroom.transports.http_events import AllEvents, says_something
from chatroom.transports.http_export import Exports
from chatroom.transports.http_keeping import Keeping, KeepingResources
from chatroom.transports.http_rooms import Founding, RoomResources
from chatroom.transports.http_search import SearchResults
from chatroom.transports.http_waiting import Waitable, wait_of
from chatroom.transports.refusals import unauthorized
from chatroom.transports.stalled import Stalled
from chatroom.transports.visitor import Visitor
from chatroom.wire import json

DESCRIPTION = Path(__file__).with_name("openapi.json")


class Guest(Struct, frozen=True):
    """Who one is now; `token` proves it."""

    user: str
    nick: str
    token: str


class Guests(Endpoint):
    """Makes guests, and gives those that there are another nick."""

    methods: ClassVar = (b"POST",)

    def __init__(self, terms: Terms, newcomers: Paces | None) -> None:
        super().__init__(terms)
        self._newcomers = newcomers

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Give a guest and its token."""
        hello: Hello = json.fill(Hello, self.fields(call))
        wish = None if hello.nick is None else names.nick(hello.nick)
        if call.user is None and self._newcomers is not None:
            self._newcomers.step(call.visitor.address)
        callers = self._terms.callers
        user = await callers.enter(call.user, call.origin, wish)
        return 201, json.encode(Guest(user.id, user.nick, callers.token(user)))


class AllMessages(Waitable[History, HistoryPage]):
    """A room's messages: to be read, waited for, and added to."""

    methods: ClassVar = (b"GET", b"POST")

    def __init__(
        self,
        terms: Terms,
        *,
        messages: Messages,
        rooms: Rooms,
        held: Held[History, HistoryPage],
        enforcement: Enforcement,
    ) -> None:
        super().__init__(terms, held, rooms, enforcement)
        self._messages = messages

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give a page of messages, at once or when there is one."""
        visitor = call.visitor
        given = visitor.fields(numbers=("before", "after", "around", "at", "limit"))
        history: History = json.fill(History, given | {"room": room_of(call.request)})
        seconds = wait_of(visitor, "after")
        room = await self._readable(call, history.room)
        if seconds:
            return await self._hold(call, replace(history, room=room), seconds)
        return 200, json.encode(await self._rooms.page(history))

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Store a message; the same `id` again gives the first."""
        if call.user is None:
            raise unauthorized()
        room = room_of(call.request)
        say: Say = json.fill(Say, self.fields(call) | {"room": room})
        try:
            user = await self.caller(call)
            receipt = await self._messages.post(user, call.origin, room, say)
        except Refused as refused:
            refused.id = say.id
            raise
        # Over HTTP it is the status that says `again`.
        said = replace(receipt.event, again=False)
        return 200 if receipt.again else 201, json.encode(said)


class Description(Shared):
    """The API as OpenAPI 3.1 has it."""

    _document = DESCRIPTION.read_bytes()

    def answer(self, request: Request, visitor: Visitor) -> int:
        """Give the document."""
        return request.answer(200, JSON, self._document)


class Nothing(Shared):
    """What is at every other path."""

    methods: ClassVar = ()

    def answer(self, request: Request, visitor: Visitor) -> int:
        """Deny every request."""
        raise Denied(404, "Nothing is here.")


class Api(Resource):
    """Gives each path below `/api` its resource."""

    def __init__(
        self,
        terms: Terms,
        *,
        messages: Messages,
        reading: Reading,
        searching: Searching,
        exporting: Exporting,
        rooms: Rooms,
        catching_up: CatchingUp,
        keeping: Keeping,
        founding: Founding,
        timeline: Timeline,
        stalled: Stalled,
        wire: Resource,
        clock: Clock,
    ) -> None:
        super().__init__()
        self._wire = wire
        page = partial(rooms.page, must_exist=False)
        self._held = held = Held(page, attrgetter("messages"), timeline, clock)
        events = partial(catching_up.page, must_exist=False)
        self._held_events = Held(events, says_something, timeline, clock)
        self._guests = Guests(terms, None if terms.paces is None else Paces(clock))
        self._rooms = RoomResources(terms, founding)
        self._messages = AllMessages(
            terms, messages=messages, rooms=rooms, held=held, enforcement=keeping.enforcement
        )
        self._events = AllEvents(terms, catching_up, self._held_events, rooms, keeping.enforcement)
        self._keeping = KeepingResources(terms, keeping, founding.parting)
        self._one_message = OneMessage(terms, messages)
        self._one_reaction = OneReaction(terms, messages)
        self._read_mark = ReadMark(terms, reading)
        self._search = SearchResults(terms, searching)
        self._exports = Exports(terms, exporting, stalled)
        self._unread = UnreadList(terms, reading)
        self._description = Description(terms.door)
        self._nothing = Nothing(terms.door)

    def getChild(self, path: bytes, request: Request) -> Resource:
        match [path, *request.postpath]:
            case [b"v1", b"guests"]:
                return self._guests
            case [b"v1", b"rooms", _, b"messages"]:
                return self._messages
            case [b"v1", b"rooms", _, b"events"]:
                return self._events
            case [b"v1", b"rooms", _, b"messages", _]:
                return self._one_message
            case [b"v1", b"rooms", _, b"messages", _, b"reactions", _]:
                return self._one_reaction
            case [b"v1", b"rooms", _, b"read"]:
                return self._read_mark
            case [b"v1", b"rooms", _, b"export"]:
                return self._exports
            case [b"v1", b"unread"]:
                return self._unread
            case [b"v1", b"search"]:
                return self._search
            case [b"v1", b"wire"]:
                return self._wire
            case [b"v1", b"openapi.json"]:
                return self._description
            case [b"v1", *below]:
                return self._rooms.at(below) or self._keeping.at(below) or self._nothing
        return self._nothing

    def render(self, request: Request) -> bytes | int:
        """Answer what asks for `/api` itself."""
        return self._nothing.render(request)

    def close(self) -> None:
        """Answer all requests that are held, and end what goes on: the server stops."""
        self._exports.close()
        self._held.close()
        self._held_events.close()


def room_of(request: Request) -> str:
    """Give the room in the path; malformed UTF-8 becomes lone surrogates, which names refuse."""
    return request.postpath[1].decode("utf-8", "surrogateescape")
