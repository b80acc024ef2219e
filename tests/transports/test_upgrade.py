"""An upgrade below a resource that says in its own way why not."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from chatroom.transports.admission import Capacity, Door, Origins
from chatroom.transports.cors import Shared
from chatroom.transports.http import Request, Site
from chatroom.transports.upgrade import Upgrade
from chatroom.transports.visitor import Visitor
from tests.memory import Wire
from tests.transports.answers import Answer, handshake, read


class Above(Shared):
    """Answers in JSON what its upgrade does not let in."""

    def __init__(self, upgrade: Upgrade, door: Door) -> None:
        super().__init__(door)
        self._upgrade = upgrade

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        return self._upgrade.upgrade(request)


class UpgradeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.capacity = Capacity(0, 0)

    def ask(self, **changed: bytes | None) -> Answer:
        door = Door(self.capacity, Origins((), False), False)
        root = Resource()
        root.putChild(b"ws", Above(Upgrade(self.build, door), door))
        wire = Wire(self.clock, "192.0.2.7")
        wire.protocol = Site(root, False, self.clock).buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        wire.receive(handshake(**changed))
        [answer] = read(wire.taken)
        wire.lose(ConnectionError())
        return answer

    def build(self, visitor: Visitor) -> object:
        raise AssertionError("nobody is let in")

    def assert_denied(self, status: int, code: bytes, answer: Answer) -> None:
        self.assertEqual(
            (answer.status, answer.header("content-type")), (status, "application/json")
        )
        self.assertIn(b'"code":"%b"' % code, answer.body)

    def test_a_server_that_stops(self) -> None:
        self.capacity.close()
        answer = self.ask()
        self.assert_denied(503, b"unavailable", answer)
        self.assertEqual(answer.header("retry-after"), "10")

    def test_no_opening_handshake(self) -> None:
        answer = self.ask(Upgrade=None)
        self.assert_denied(426, b"bad_field", answer)
        self.assertEqual(answer.header("upgrade"), "websocket")
