"""The table of sessions: who is gone leaves nothing in it, and a stop tells all who are there."""

import gc
import json
from collections import Counter
from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core.client import Client
from chatroom.core.people import User
from chatroom.transports.acknowledging import AcknowledgingDelivery
from chatroom.transports.engineio.engine import EngineSession
from chatroom.transports.engineio.polling import PollingCarrier
from chatroom.transports.engineio.websocket import EngineProtocol
from chatroom.transports.http import HttpChannel, Request
from chatroom.transports.outbox import Outbox
from chatroom.transports.socketio import SocketIOClient
from chatroom.transports.visitor import Visitor
from chatroom.wire.socketio.sockets import Sockets
from tests.memory import Wire
from tests.socketio_peer import Poller, SocketIOPeer, event
from tests.transports.lobby import LobbyCase, names

KINDS = (
    AcknowledgingDelivery,
    Client,
    EngineProtocol,
    EngineSession,
    HttpChannel,
    Outbox,
    PollingCarrier,
    Request,
    SocketIOClient,
    Sockets,
    User,
    Visitor,
    Wire,
)
ABANDONED = 2_000


class EngineCase(LobbyCase):
    """Sessions at each stage of their lives."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def alive(self) -> dict[str, int]:
        """Count the objects that there are for clients."""
        gc.collect()
        return dict(
            Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, KINDS))
        )

    def state(self) -> object:
        """What is kept for clients, but for objects: it grows with none that is gone."""
        server = self.server.server
        hub = server.engine._listen.__self__
        return {
            "sessions": len(server.engine.sessions),
            "places": server.door.capacity.count,
            "audiences": len(hub.packets._audiences) + len(hub.frames._audiences),
            "watched": len(hub._stalled._watched),
            "people": len(hub.chat._identity._people._here),
            "timers": len(self.server.clock.getDelayedCalls()),
        }

    # The stages of a life.

    def opened(self) -> Poller:
        return Poller(self.server)

    def parked_and_cut(self) -> Poller:
        poller = self.opened()
        poller.poll()
        poller.cut()
        return poller

    def connected(self) -> Poller:
        poller = self.opened()
        poller.enter()
        return poller

    def refused(self) -> Poller:
        poller = self.opened()
        poller.ask(nick=1)
        return poller

    def bringing(self) -> Poller:
        poller = self.connected()
        poller.up.receive(poller.request(b"POST", event("chat message", "half").encode())[:-5])
        return poller

    def waiting_for_attachments(self) -> Poller:
        poller = self.connected()
        poller.give('451-["ping",{"a":{"_placeholder":true,"num":0}}]')
        return poller

    def half_upgraded(self) -> Poller:
        poller = self.connected()
        SocketIOPeer(self.server, sid=poller.sid).give("2probe")
        return poller

    def half_upgraded_and_cut(self) -> Poller:
        poller = self.connected()
        socket = SocketIOPeer(self.server, sid=poller.sid)
        socket.give("2probe")
        socket.cut()
        return poller

    def upgraded(self) -> Poller:
        poller = self.connected()
        SocketIOPeer(self.server, sid=poller.sid).give("2probe", "5")
        return poller

    def websocket(self) -> SocketIOPeer:
        return SocketIOPeer(self.server)

    def websocket_connected(self) -> SocketIOPeer:
        socket = self.websocket()
        socket.enter()
        return socket

    def websocket_full(self) -> SocketIOPeer:
        socket = self.websocket_connected()
        socket.stop_reading()
        for _ in range(40):
            self.du.say("长" * 3000)
        return socket

    def polling_full(self) -> Poller:
        poller = self.connected()
        for _ in range(4):
            self.du.say("长" * 3000)
        poller.give(*['42["history",{"room":"lobby"}]'] * 100)
        return poller

    @property
    def stages(self) -> list[Callable[[], Poller | SocketIOPeer]]:
        """All of them."""
        return [
            self.opened,
            self.parked_and_cut,
            self.connected,
            self.refused,
            self.bringing,
            self.waiting_for_attachments,
            self.half_upgraded,
            self.half_upgraded_and_cut,
            self.upgraded,
            self.websocket,
            self.websocket_connected,
            self.websocket_full,
            self.polling_full,
        ]


class AbandonedTests(EngineCase):
    """Who stops in the middle of anything is gone after interval and timeout."""

    def abandon(self) -> None:
        self.wait(46)
        self.assertEqual(self.server.server.engine.sessions, {})
        # An idle HTTP connection has 30 s.
        self.wait(60)

    def test_at_each_stage_nothing_remains(self) -> None:
        self.abandon()
        before, objects = self.state(), self.alive()
        for stage in self.stages:
            client = stage()
            del client
            self.abandon()
            self.assertEqual(self.state(), before, stage.__name__)
            self.assertEqual(self.alive(), objects, stage.__name__)
            self.assert_du_goes_on()

    def test_two_thousand_of_them(self) -> None:
        light = [stage for stage in self.stages if "full" not in stage.__name__]
        self.abandon()
        before, objects = self.state(), self.alive()
        # A hundred at a time: a `Clock` sorts its timers again and again.
        for first in range(0, ABANDONED, 100):
            for number in range(first, first + 100):
                light[number % len(light)]()
            self.assertGreater(len(self.server.server.engine.sessions), 50)
            self.abandon()
        self.assertEqual(self.state(), before)
        self.assertEqual(self.alive(), objects)
        self.assert_du_goes_on()


class EndTests(EngineCase):
    """When a client ends it itself, nothing remains either."""

    def end(self, client: Poller | SocketIOPeer, last: str | None) -> None:
        """Send the last words, if any, and be gone."""
        if isinstance(client, Poller):
            # What was sent half is never sent whole.
            client.up.lose(ConnectionError())
        if last is not None:
            client.give(last)
        client.cut()

    def test_by_each_way(self) -> None:
        self.wait(60)
        before, objects = self.state(), self.alive()
        for stage in self.stages:
            for end in ("goodbye", "cut", "fault"):
                client = stage()
                self.end(client, {"goodbye": "1", "fault": "abc", "cut": None}[end])
                del client
                self.wait(60)
                self.assertEqual(self.state(), before, (stage.__name__, end))
                self.assertEqual(self.alive(), objects, (stage.__name__, end))


class StopTests(EngineCase):
    """The server stops: everybody is told, and it ends in time."""

    def stop(self) -> "Deferred[None]":
        self.server._closed = True
        closing = Deferred.fromCoroutine(self.server.server.close())
        self.server.settle()
        return closing

    def assert_stopped(self, closing: "Deferred[None]") -> None:
        for _ in range(20):
            self.server.clock.advance(0.5)
        self.successResultOf(closing)
        self.assertEqual(self.server.server.engine.sessions, {})
        self.assertEqual(self.server.server.door.capacity.count, 0)
        self.assertEqual(self.server.clock.getDelayedCalls(), [])

    def test_at_each_stage(self) -> None:
        for stage in self.stages:
            self.start()
            stage()
            self.assert_stopped(self.stop())

    def test_who_has_a_socket_hears_when_to_come_back_and_no_disconnect(self) -> None:
        parked, between = self.connected(), self.connected()
        between.heard()
        self.du.say("that no request of its waits")
        between.poll()
        upgraded = SocketIOPeer(self.server, sid=(poller := self.connected()).sid)
        upgraded.give("2probe", "5")
        socket = self.websocket_connected()
        for client in (parked, poller, upgraded, socket):
            client.heard()
        between.heard()
        self.stop()
        for client in (parked, between, upgraded, socket):
            heard = client.heard()
            self.assertEqual(names(heard)[-1], "closing")
            told = heard[-1][1]
            self.assertEqual((told["code"], told["type"]), (1001, "closing"))
            self.assertTrue(0 <= told["reconnect"] <= 5)
        for client in (upgraded, socket):
            code, reason = client.close
            self.assertEqual((code, list(json.loads(reason))), (1001, ["reconnect"]))

    def test_who_is_there_without_a_socket_is_let_go(self) -> None:
        poller, socket = self.opened(), self.websocket()
        poller.poll()
        self.stop()
        self.assertEqual(poller.poll().body, b"6")
        self.assertEqual(poller.poll().status, 400)
        socket.take()
        self.assertEqual(socket.close and socket.close[0], 1001)

    def test_nobody_is_let_in_meanwhile(self) -> None:
        self.stop()
        self.assertEqual(Poller(self.server).last.status, 503)
        self.assertEqual(SocketIOPeer(self.server).status, 503)
