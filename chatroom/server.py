"""The composition root: builds all objects of one server and joins them."""

from collections.abc import Callable
from typing import Any

import txaio
from twisted.internet.defer import DeferredList

from chatroom import banner, listening
from chatroom.assembly import Core, assemble
from chatroom.bundle import Bundle
from chatroom.core.callers import Callers
from chatroom.core.catching_up import CatchingUp
from chatroom.core.interfaces import Fanout, Random
from chatroom.core.limits import Paces
from chatroom.core.owning import digest
from chatroom.fanout.local import LocalFanout
from chatroom.lesson.poem import PoemFactory, PoemProtocol
from chatroom.options import Settings
from chatroom.site import build_site, page_folder
from chatroom.storage.database import Database
from chatroom.storage.threads import Run, within
from chatroom.transports import channel
from chatroom.transports.address import Addresses, AddressResource, CodeResource
from chatroom.transports.admission import Capacity, Door, Origins
from chatroom.transports.endpoint import Terms
from chatroom.transports.engineio.engine import Engine
from chatroom.transports.engineio.resource import EngineResource
from chatroom.transports.engineio.websocket import EngineFactory
from chatroom.transports.engineio.wire import WireResource
from chatroom.transports.farewell import all_gone, farewell, reconnect_delay
from chatroom.transports.http import Site
from chatroom.transports.http_api import Api
from chatroom.transports.settled import settled
from chatroom.transports.socketio import Hub
from chatroom.transports.stalled import Stalled
from chatroom.transports.turn import Turn
from chatroom.transports.upgrade import Upgrade
from chatroom.transports.websocket import ChatFactory
from chatroom.transports.wiretap import TappedProtocol
from chatroom.wire.engineio.session import Terms as EngineTerms

# Seconds, of the 10 that a stop may take: to store what waits, to say goodbye, and for the last
# answers to go out.
LAST_WRITES = 6.0
FAREWELL = 2.0
LAST_ANSWERS = 1.0


class Server:
    """The objects of one server, joined. Tests make it on a `Clock`, with jobs run inline.

    `owner_secret` makes its owner of who shows it, once, if there is none yet.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        reactor: Any,
        rng: Random,
        wall: Callable[[], int],
        write: Run,
        read: Run,
        hash: Run,
        owner_secret: str | None = None,
    ) -> None:
        self._settings = settings
        self._owner_secret = owner_secret
        self._reactor = reactor
        self._rng = rng
        self._wall = wall
        self._hash = hash
        self._fanout: Fanout = LocalFanout()
        self.database = Database(settings.data, reactor, write, read, self._fanout.publish, rng)

    def open(self) -> Site:
        """Open the database and give the site to listen with; raises `StorageError`."""
        # Autobahn's timers follow this, whatever reactor its factories are given.
        txaio.use_twisted()
        txaio.config.loop = self._reactor  # type: ignore[attr-defined]
        secret = self._owner_secret
        page = banner.page_of(self._settings, self._settings.port)
        self.database.open(None if secret is None else digest(secret), page)
        core = assemble(
            self._settings,
            self.database,
            self._fanout,
            reactor=self._reactor,
            rng=self._rng,
            wall=self._wall,
            hash=self._hash,
        )
        self._core = core
        self._join_sockets(core)
        self.door = self._make_door()
        self._join_api(core)
        self.site = self._make_site(core)
        return self.site

    def watch(self) -> None:
        """Heed what the operator changes from another process, and what is kept no longer.

        Index what is not yet.
        """
        self._core.outsiders.look()
        self.database.upkeep.soon(to_sweep=True)
        self.database.retaining.begin(self._wall, self._core.timeline.begins)

    def _join_sockets(self, core: Core) -> None:
        """Make what holds connections: `/ws`, Socket.IO, and the lesson's program."""
        settings, reactor = self._settings, self._reactor
        self._turn = turn = Turn(reactor)
        self._stalled = stalled = Stalled(reactor)
        heartbeat = channel.Heartbeat(settings.ping_interval, settings.ping_timeout)
        self.sockets = ChatFactory(
            chat=core.chat,
            timeline=core.timeline,
            turn=turn,
            max_frame=core.limits.frame,
            heartbeat=heartbeat,
            stalled=stalled,
            rng=self._rng,
            wall=self._wall,
            reactor=reactor,
        )
        self.sockets.tapped = settled(TappedProtocol, self.sockets)
        hub = Hub(
            chat=core.chat,
            timeline=core.timeline,
            turn=turn,
            max_message=core.limits.frame,
            stalled=stalled,
            rng=self._rng,
            clock=reactor,
        )
        self.engine = Engine(
            listen=hub.listen,
            owner_of=core.tokens.user,
            terms=EngineTerms(*heartbeat),
            rng=self._rng,
            clock=reactor,
        )
        core.timeline.transports += [self.sockets, hub.packets, hub.frames]
        self.poem = PoemFactory(reactor=reactor)
        self.poem.protocol = settled(GuardedPoem, self.poem)

    def _make_door(self) -> Door:
        settings = self._settings
        most = settings.max_connections
        if most is None:
            most = listening.connections_carried(self._reactor)
        return Door(
            Capacity(most, settings.max_per_address),
            Origins(settings.allow_origins, settings.trust_proxy),
            settings.trust_proxy,
        )

    def _join_api(self, core: Core) -> None:
        log, reactor = self.database.log, self._reactor
        self._callers = Callers(core.people, core.sightings, core.tokens, log, reactor)
        self._api = Api(
            Terms(
                door=self.door,
                callers=self._callers,
                paces=Paces(reactor) if core.limits.rate else None,
            ),
            messages=core.messages,
            reading=core.reading,
            searching=core.searching,
            exporting=core.exporting,
            rooms=core.rooms,
            catching_up=CatchingUp(core.rooms, core.timeline, log),
            keeping=core.keeping,
            founding=core.founding,
            timeline=core.timeline,
            stalled=self._stalled,
            wire=WireResource(self.engine, self.door),
            clock=reactor,
        )

    def _make_site(self, core: Core) -> Site:
        settings, door, most = self._settings, self.door, core.limits.frame
        engine = EngineResource(
            self.engine,
            Upgrade(EngineFactory(self.engine, most, self._reactor).admit, door),
            door=door,
            turn=self._turn,
            wall=self._wall,
            clock=self._reactor,
        )
        addresses = Addresses(
            settings.public_url,
            settings.trust_proxy,
            # Where it listens by other endpoints, nobody knows which of them others can reach.
            (list) if settings.listen else banner.addresses,
        )
        return build_site(
            web=settings.web or page_folder(),
            own_page=settings.web is None,
            new_token=core.tokens.renew,
            poem=Upgrade(self._admit_to_poem, door, any_origin=True),
            exact={
                b"ws": Upgrade(self.sockets.admit, door),
                b"address": AddressResource(door, addresses),
                b"address.svg": CodeResource(door, addresses),
            },
            below={
                b"socket.io": Bundle(page_folder() / "vendor" / "socket.io", engine),
                b"api": self._api,
            },
            bodies={b"/socket.io": self.engine.terms.max_payload, b"/api/": most},
            trust_proxy=settings.trust_proxy,
            reactor=self._reactor,
        )

    def _admit_to_poem(self, visitor: object) -> Any:
        return self.poem.buildProtocol(None)

    async def close(self) -> None:
        """Store what is being stored, tell all clients to come back later, and close.

        Fails with `TimeoutError` when the disk does not let go in time.
        """
        self.door.capacity.close()
        self._api.close()
        self._callers.close()
        self._core.outsiders.close()
        self._core.book.close()
        storing = self.database.close()
        await within(LAST_WRITES, storing, self._reactor)
        visitors: list[Any] = list(self.poem.visitors)
        for visitor in visitors:
            reason = farewell(reconnect_delay(self._rng))
            visitor.sendCloseFrame(channel.GOING_AWAY, reason.encode())
        await DeferredList(
            [
                all_gone(visitors, self._reactor, FAREWELL),
                self.sockets.close_all(FAREWELL),
                self.engine.close_all(FAREWELL),
            ]
        )
        self._stalled.close()
        await self.site.close(LAST_ANSWERS)
        if not storing.called:
            raise TimeoutError


class GuardedPoem(channel.Guard, PoemProtocol):  # type: ignore[misc]
    """The lesson's program, with the bounds of all our connections."""
