"""Which rooms there are, when some are stored while they are listed."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.directory import Directory
from tests.memory import MemoryServer


class DirectoryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        core = self.server.server
        self.directory = Directory(core.sockets.timeline, core.database.log)

    def test_a_room_stored_while_the_list_is_read_is_there_once_at_most(self) -> None:
        peer = self.server.enter("大厅", "李白")
        self.server.hold_reads = True
        listing = self.directory.rooms()
        peer.say("a")
        self.server.release()
        self.assertEqual([room.name for room in self.successResultOf(listing)], ["大厅"])

    def test_a_room_that_nobody_is_in_any_more_and_that_has_no_message_is_none(self) -> None:
        self.server.enter("大厅", "李白").cut()
        self.assertEqual(self.successResultOf(self.directory.rooms()), [])
