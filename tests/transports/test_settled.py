"""Connections that share what Autobahn would give each of them."""

from autobahn.twisted.websocket import WebSocketServerFactory
from autobahn.websocket.protocol import WebSocketProtocol
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.channel import Channel, secure
from chatroom.transports.settled import settled
from tests.memory import MemoryServer


def factory(max_frame: int = 1_000) -> WebSocketServerFactory:
    made = WebSocketServerFactory(server="", reactor=Clock())
    secure(made, max_frame)
    return made


class SettledTests(SynchronousTestCase):
    def test_it_has_all_that_autobahn_begins_with(self) -> None:
        """Whatever a later version adds to that."""
        kind, made = Channel, factory()
        first = kind()
        first.factory = made
        WebSocketProtocol.__init__(first)
        WebSocketProtocol._connectionMade(first)
        ours = settled(kind, made)()
        ours.factory = made
        for name, value in vars(first).items():
            mine = getattr(ours, name)
            if isinstance(value, bool | int | float | str | bytes | list | dict | None):
                self.assertEqual(mine, value, name)
            else:
                self.assertIs(type(mine), type(value), name)

    def test_it_has_the_settings_of_its_factory_alone(self) -> None:
        small, large = factory(10), factory(20)
        kinds = settled(Channel, small), settled(Channel, large)
        self.assertEqual([kind().maxFramePayloadSize for kind in kinds], [10, 20])
        self.assertFalse(hasattr(Channel, "maxFramePayloadSize"))

    def test_what_changes_is_not_shared(self) -> None:
        kind = settled(Channel, factory())
        first, second = kind(), kind()
        self.assertIsNot(first.utf8validator, second.utf8validator)
        self.assertIsNot(first.send_queue, second.send_queue)
        first.state = first.STATE_OPEN
        self.assertEqual(second.state, second.STATE_CONNECTING)

    def test_a_live_connection_keeps_little_of_its_own(self) -> None:
        server = MemoryServer(self)
        server.enter("lobby", "李白")
        [client] = server.server.sockets.clients
        # Of Autobahn's: the state, the next ping, and by what it is connected.
        self.assertLessEqual(len(vars(client)), 12, sorted(vars(client)))
