"""The core of one server, built and joined: what `server.py` gives to the transports."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chatroom.core.announcing import Announcing
from chatroom.core.attendance import Attendance
from chatroom.core.chat import Chat
from chatroom.core.directory import Directory
from chatroom.core.enforcement import Enforcement
from chatroom.core.exporting import Exporting
from chatroom.core.identity import Identity
from chatroom.core.interfaces import Fanout, Random
from chatroom.core.inviting import Inviting
from chatroom.core.knocking import Knocking
from chatroom.core.limits import Limits, Paces
from chatroom.core.making import Making
from chatroom.core.messages import Messages
from chatroom.core.moderating import Moderating
from chatroom.core.order_book import OrderBook
from chatroom.core.ordering import Ordering
from chatroom.core.outsiders import Outsiders
from chatroom.core.owning import Owning
from chatroom.core.pages import Pages
from chatroom.core.parting import Parting
from chatroom.core.passwords import Passwords
from chatroom.core.people import People
from chatroom.core.purging import Purging
from chatroom.core.reading import Reading
from chatroom.core.retaining import Retaining
from chatroom.core.reviewing import Reviewing
from chatroom.core.rooms import Rooms
from chatroom.core.searching import SEARCHES_A_WINDOW, Searching
from chatroom.core.sightings import Sightings
from chatroom.core.slow import SlowMode
from chatroom.core.standing import Standing
from chatroom.core.suspects import Suspects
from chatroom.core.timeline import Timeline
from chatroom.core.tokens import Tokens
from chatroom.core.writing import Writing
from chatroom.options import HOSTS, Settings
from chatroom.storage.database import Database
from chatroom.storage.threads import Run
from chatroom.transports.http_keeping import Keeping
from chatroom.transports.http_rooms import Founding


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What the transports use of the core."""

    limits: Limits
    tokens: Tokens
    timeline: Timeline
    people: People
    sightings: Sightings
    rooms: Rooms
    messages: Messages
    reading: Reading
    searching: Searching
    exporting: Exporting
    keeping: Keeping
    founding: Founding
    chat: Chat
    book: OrderBook
    outsiders: Outsiders


def assemble(
    settings: Settings,
    database: Database,
    fanout: Fanout,
    *,
    reactor: Any,
    rng: Random,
    wall: Callable[[], int],
    hash: Run,
) -> Core:
    """Build the core over a database that is open; the arguments are those of `Server`."""
    log, journal = database.log, database.journal
    limits = Limits(text=settings.max_text, frame=settings.max_frame, rate=settings.rate)
    tokens = Tokens(database.secret, rng)
    timeline = Timeline(log, reactor)
    fanout.subscribe(timeline.arrive)
    attendance = Attendance(timeline, reactor)
    people = People(limits.rate, reactor, rng.random)
    sightings = Sightings()
    book = OrderBook(timeline, log, reactor, database.server_orders)
    standing = Standing(timeline, book, wall, settings.make_rooms == HOSTS)
    timeline.orders_of = book.of
    ordering = Ordering(journal=journal, book=book, timeline=timeline)
    enforcement = Enforcement(
        book=book, standing=standing, attendance=attendance, timeline=timeline
    )
    timeline.on_order = enforcement.heed
    timeline.on_gone = enforcement.empty
    timeline.on_private = Announcing(standing=standing, people=people, clock=reactor).heed
    outsiders = Outsiders(
        log=log,
        timeline=timeline,
        book=book,
        enforcement=enforcement,
        clock=reactor,
        seen=database.outside,
    )
    passwords = Passwords(hash, rng, reactor)
    knocking = Knocking(standing=standing, ordering=ordering, passwords=passwords, wall=wall)
    rooms = Rooms(
        attendance=attendance,
        timeline=timeline,
        log=log,
        standing=standing,
        knocking=knocking,
        people=people,
        epoch=database.epoch,
        most=limits.rooms,
        clock=reactor,
    )
    writing = Writing(
        journal=journal,
        log=log,
        timeline=timeline,
        slow=SlowMode(reactor),
        wall=wall,
        log_messages=settings.log_messages,
    )
    messages = Messages(writing=writing, rooms=rooms, standing=standing, limits=limits)
    reading = Reading(journal=journal, log=log, standing=standing, wall=wall)
    searching = Searching(
        log=log,
        standing=standing,
        pages=Pages(database.secret),
        paces=Paces(reactor, SEARCHES_A_WINDOW) if settings.rate else None,
        wall=wall,
    )
    suspects = Suspects(people=people, sightings=sightings, timeline=timeline, log=log)
    keeping = Keeping(
        standing=standing,
        enforcement=enforcement,
        knocking=knocking,
        moderating=Moderating(
            standing=standing,
            suspects=suspects,
            ordering=ordering,
            passwords=passwords,
            timeline=timeline,
            writing=writing,
            wall=wall,
        ),
        purging=Purging(standing=standing, suspects=suspects, journal=journal, log=log, wall=wall),
        reviewing=Reviewing(standing=standing, people=people, log=log, wall=wall),
        retaining=Retaining(standing=standing, log=log, wall=wall),
        owning=Owning(standing=standing, book=book, journal=journal, wall=wall),
    )
    founding = Founding(
        directory=Directory(
            standing=standing, timeline=timeline, people=people, log=log, wall=wall
        ),
        making=Making(standing=standing, suspects=suspects, ordering=ordering, rng=rng, wall=wall),
        inviting=Inviting(standing=standing, ordering=ordering, log=log, rng=rng, wall=wall),
        parting=Parting(
            standing=standing,
            attendance=attendance,
            ordering=ordering,
            journal=journal,
            wall=wall,
        ),
    )
    identity = Identity(
        people=people,
        sightings=sightings,
        standing=standing,
        tokens=tokens,
        limits=limits,
        clock=reactor,
        rng=rng,
    )
    chat = Chat(
        identity=identity,
        attendance=attendance,
        rooms=rooms,
        messages=messages,
        reading=reading,
        searching=searching,
        moderating=keeping.moderating,
        purging=keeping.purging,
        reviewing=keeping.reviewing,
        retaining=keeping.retaining,
        owning=keeping.owning,
        directory=founding.directory,
        making=founding.making,
        inviting=founding.inviting,
        parting=founding.parting,
        wall=wall,
    )
    return Core(
        limits=limits,
        tokens=tokens,
        timeline=timeline,
        people=people,
        sightings=sightings,
        rooms=rooms,
        messages=messages,
        reading=reading,
        searching=searching,
        exporting=Exporting(rooms=rooms, standing=standing, timeline=timeline, log=log, wall=wall),
        keeping=keeping,
        founding=founding,
        chat=chat,
        book=book,
        outsiders=outsiders,
    )
