"""The composition root: builds all objects, joins them, and starts and stops them in order."""

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

import txaio
from twisted.application.service import Service
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger

from chatroom import listening
from chatroom.banner import banner
from chatroom.bundle import Bundle
from chatroom.core.attendance import Attendance
from chatroom.core.callers import Callers
from chatroom.core.chat import Chat
from chatroom.core.directory import Directory
from chatroom.core.identity import Identity
from chatroom.core.interfaces import Fanout, Random
from chatroom.core.limits import Limits, Paces
from chatroom.core.people import People
from chatroom.core.rooms import Rooms
from chatroom.core.timeline import Timeline
from chatroom.core.tokens import Tokens
from chatroom.fanout.local import LocalFanout
from chatroom.lesson.poem import PoemFactory, PoemProtocol
from chatroom.options import Options, Settings
from chatroom.signals import stop_on_signals
from chatroom.site import build_site
from chatroom.storage import files
from chatroom.storage.database import Database
from chatroom.storage.schema import StorageError
from chatroom.storage.threads import Run, Threads
from chatroom.transports import channel
from chatroom.transports.admission import Capacity, Origins, Upgrade
from chatroom.transports.endpoint import Terms
from chatroom.transports.engineio.engine import Engine
from chatroom.transports.engineio.resource import EngineResource
from chatroom.transports.engineio.websocket import EngineFactory
from chatroom.transports.engineio.wire import WireResource
from chatroom.transports.http import Site
from chatroom.transports.http_api import Api
from chatroom.transports.socketio import Hub
from chatroom.transports.stalled import Stalled
from chatroom.transports.turn import Turn
from chatroom.transports.websocket import ChatFactory
from chatroom.transports.wiretap import TappedProtocol
from chatroom.wire.engineio.session import Terms as EngineTerms

__all__ = ["Options", "makeService"]

# Seconds, of the 10 that a stop may take: to store what waits, to say goodbye, and for the last
# answers to go out.
LAST_WRITES = 6.0
FAREWELL = 2.0
LAST_ANSWERS = 1.0


def makeService(options: Options) -> "Chatroom":
    """Make the service that `options` ask for; twistd's entry point.

    twistd forks after this, so nothing is opened here that would have to survive. What would keep
    the server from starting is found out all the same, and said while there is a terminal.
    """
    from twisted.internet import reactor

    settings = options.settings
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets it escaped; by default the line would be lost.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        files.check(settings.data)
        port = listening.free_port(settings)
        list(listening.endpoints(settings, reactor))
    except (StorageError, listening.CannotListen) as error:
        raise SystemExit(f"chatroom: {error}") from None
    # Wall time jumps, and with it every timer (twisted issue 2424).
    reactor.seconds = time.monotonic  # type: ignore[method-assign]
    sys.stdout.write(banner(settings, port, sys.stdout))
    sys.stdout.flush()
    stop_on_signals(reactor)
    return Chatroom(replace(settings, port=port), reactor, random.SystemRandom())


class Server:
    """The objects of one server, joined. Tests make it on a `Clock`, with jobs run inline."""

    def __init__(
        self,
        settings: Settings,
        *,
        reactor: Any,
        rng: Random,
        wall: Callable[[], int],
        write: Run,
        read: Run,
    ) -> None:
        self._settings = settings
        self._reactor = reactor
        self._rng = rng
        self._wall = wall
        self._fanout: Fanout = LocalFanout()
        self.database = Database(settings.data, reactor, write, read, self._fanout.publish, rng)

    def open(self) -> Site:
        """Open the database and give the site to listen with; raises `StorageError`."""
        settings, reactor, rng = self._settings, self._reactor, self._rng
        # Autobahn's timers follow this, whatever reactor its factories are given.
        txaio.use_twisted()
        txaio.config.loop = reactor  # type: ignore[attr-defined]
        self.database.open()
        journal, log, epoch = self.database.journal, self.database.log, self.database.epoch
        limits = Limits(text=settings.max_text, frame=settings.max_frame, rate=settings.rate)
        tokens = Tokens(self.database.secret, rng)
        timeline = Timeline(log, reactor)
        self._fanout.subscribe(timeline.arrive)
        attendance = Attendance(timeline, reactor)
        people = People(limits.rate, reactor, rng.random)
        rooms = Rooms(
            attendance=attendance,
            timeline=timeline,
            log=log,
            epoch=epoch,
            most=limits.rooms,
            clock=reactor,
        )
        chat = Chat(
            identity=Identity(people=people, tokens=tokens, limits=limits, clock=reactor, rng=rng),
            attendance=attendance,
            timeline=timeline,
            rooms=rooms,
            journal=journal,
            log=log,
            limits=limits,
            wall=self._wall,
            log_messages=settings.log_messages,
        )
        turn = Turn(reactor)
        heartbeat = channel.Heartbeat(settings.ping_interval, settings.ping_timeout)
        self._stalled = Stalled(reactor)
        self.sockets = ChatFactory(
            chat=chat,
            timeline=timeline,
            turn=turn,
            max_frame=limits.frame,
            heartbeat=heartbeat,
            stalled=self._stalled,
            rng=rng,
            wall=self._wall,
            reactor=reactor,
        )
        self.sockets.tapped = TappedProtocol
        hub = Hub(
            chat=chat,
            timeline=timeline,
            turn=turn,
            max_message=limits.frame,
            stalled=self._stalled,
            rng=rng,
            clock=reactor,
        )
        self.engine = Engine(
            listen=hub.listen,
            owner_of=tokens.user,
            terms=EngineTerms(*heartbeat),
            rng=rng,
            clock=reactor,
        )
        timeline.transports += [self.sockets, hub.packets, hub.frames]
        self.poem = PoemFactory(reactor=reactor)
        self.poem.protocol = GuardedPoem
        most = settings.max_connections
        self._capacity = capacity = Capacity(
            listening.connections_carried(reactor) if most is None else most,
            settings.max_per_address,
        )
        origins = Origins(settings.allow_origins, settings.trust_proxy)
        self._callers = callers = Callers(people, tokens, log, reactor)
        self._api = Api(
            Terms(
                origins=origins,
                trust_proxy=settings.trust_proxy,
                callers=callers,
                paces=Paces(reactor) if limits.rate else None,
                max_body=limits.frame,
            ),
            chat=chat,
            rooms=rooms,
            directory=Directory(timeline, log),
            timeline=timeline,
            wire=WireResource(self.engine, origins, settings.trust_proxy),
            capacity=capacity,
            clock=reactor,
        )
        self.site = build_site(
            web=settings.web or page_folder(),
            own_page=settings.web is None,
            new_token=tokens.renew,
            chat=Upgrade(self.sockets.admit, capacity, origins, settings.trust_proxy),
            poem=Upgrade(self._admit_to_poem, capacity, None, settings.trust_proxy),
            socketio=Bundle(
                page_folder() / "vendor" / "socket.io",
                EngineResource(
                    self.engine,
                    Upgrade(
                        EngineFactory(self.engine, limits.frame, reactor).admit,
                        capacity,
                        origins,
                        settings.trust_proxy,
                    ),
                    capacity=capacity,
                    origins=origins,
                    trust_proxy=settings.trust_proxy,
                    turn=turn,
                    wall=self._wall,
                    clock=reactor,
                ),
            ),
            api=self._api,
            bodies={b"/socket.io": self.engine.terms.max_payload, b"/api/": limits.frame},
            trust_proxy=settings.trust_proxy,
            reactor=reactor,
        )
        return self.site

    def _admit_to_poem(self, visitor: object) -> Any:
        return self.poem.buildProtocol(None)

    async def close(self) -> None:
        """Store what is being stored, tell all clients to come back later, and close.

        Fails with `TimeoutError` when the disk does not let go in time.
        """
        self._capacity.close()
        self._api.close()
        self._callers.close()
        storing = self.database.close()
        await within(LAST_WRITES, storing, self._reactor)
        visitors: list[Any] = list(self.poem.visitors)
        for visitor in visitors:
            reason = channel.farewell(channel.reconnect_delay(self._rng))
            visitor.sendCloseFrame(channel.GOING_AWAY, reason.encode())
        await DeferredList(
            [
                channel.all_gone(visitors, self._reactor, FAREWELL),
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


class StartFailure(Exception):
    """Why the server, detached, cannot start.

    twistd's first process is still at the terminal. It shows the name and the text of an exception,
    and would wait for ever if it were a `SystemExit`.
    """

    __module__, __qualname__ = "builtins", "chatroom"


class Chatroom(Service):
    """One server as Twisted starts and stops it."""

    _log = Logger()

    def __init__(self, settings: Settings, reactor: Any, rng: Random) -> None:
        self._settings = settings
        self._reactor = reactor
        self._ports: list[IListeningPort] = []
        self._threads = Threads(reactor)
        self._made_in = os.getpid()
        self.server = Server(
            settings,
            reactor=reactor,
            rng=rng,
            wall=lambda: time.time_ns() // 1_000_000,
            write=self._threads.write,
            read=self._threads.read,
        )

    @property
    def page(self) -> str:
        """The page's address on this machine."""
        scheme = "http" if self._settings.certificate is None else "https"
        return self._settings.public_url or f"{scheme}://localhost:{self.port}/"

    @property
    def port(self) -> int:
        """The port of the first address listened on."""
        return int(cast(IPv4Address, self._ports[0].getHost()).port)

    def startService(self) -> None:
        """Open everything, or end the start with one sentence."""
        try:
            site = self.server.open()
            for endpoint in listening.endpoints(self._settings, self._reactor):
                self._ports.append(listening.listen(endpoint, site))
        except (StorageError, listening.CannotListen) as error:
            self._give_up(error)
        self._threads.start()
        super().startService()
        self._log.info("服务器开启")

    def _give_up(self, reason: Exception) -> NoReturn:
        if os.getpid() != self._made_in:
            # The log gets what ended the process: there, too, a sentence is enough.
            sys.tracebacklimit = 0
            raise StartFailure(reason) from None
        # By now twistd has put its log in the place of sys.stderr.
        print(f"chatroom: {reason}", file=sys.__stderr__)
        raise SystemExit(1)

    async def _stop(self) -> None:
        await DeferredList([maybeDeferred(port.stopListening) for port in self._ports])
        try:
            await self.server.close()
        except TimeoutError:
            # Python would wait for the thread that waits for the disk.
            self._log.warn("the disk does not answer; what it was given last may be lost")
            self._reactor.addSystemEventTrigger("after", "shutdown", os._exit, 0)
        else:
            self._threads.stop()

    def stopService(self) -> Deferred[None]:
        """Let nobody in any more, then close the server."""
        super().stopService()
        return Deferred.fromCoroutine(self._stop())


async def within(seconds: float, result: Deferred[Any], clock: Any) -> None:
    """Wait for a result, but no longer than so many seconds; it goes on all the same."""
    waiting: Deferred[None] = Deferred()
    timer = clock.callLater(seconds, waiting.callback, None)

    def over(value: Any) -> Any:
        if timer.active():
            timer.cancel()
            waiting.callback(None)
        return value

    result.addBoth(over)
    await waiting


def page_folder() -> Path:
    """Find the page: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "web"
    return inside if (inside / "index.html").exists() else here.parent / "web"
