"""Who a connection is: guests, tokens, nicks."""

from twisted.trial.unittest import SynchronousTestCase

from tests.core.test_chat import types
from tests.memory import MemoryServer, Peer


class WelcomeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)

    def test_every_connection_begins_with_welcome(self) -> None:
        (welcome,) = self.server.connect().events()
        self.assertEqual((welcome["type"], welcome["protocol"]), ("welcome", 1))
        self.assertEqual(
            welcome["limits"],
            {"text": 4000, "frame": 65536, "rate": 30, "rooms": 20, "nick": 32, "room": 64},
        )

    def test_each_guest_is_another(self) -> None:
        one, other = (self.server.connect().events()[0] for _ in range(2))
        for field in ("client", "user", "nick", "token"):
            self.assertNotEqual(one[field], other[field])

    def test_a_token_makes_one_the_same_user_again_after_a_restart_too(self) -> None:
        welcome = self.server.connect(nick="李白").events()[0]
        self.server.close()
        server = MemoryServer(self, data=self.server.settings.data)
        peer = server.connect()
        peer.send(type="hello", token=welcome["token"], nick="李白", ref="r")
        again = peer.events()[1]
        self.assertEqual(
            (again["user"], again["nick"], again["ref"]), (welcome["user"], "李白", "r")
        )

    def test_a_token_that_does_not_verify_makes_a_new_guest_who_is_told(self) -> None:
        peer = self.server.connect()
        first = peer.events()[0]
        peer.send(type="hello", token="li.forged", ref="r")
        welcome, error = peer.events()
        self.assertEqual((error["code"], error["ref"]), ("forbidden", "r"))
        self.assertNotIn(welcome["user"], ("li", first["user"]))

    def test_the_nick_of_the_url_stays_with_whom_a_token_proves(self) -> None:
        token = self.server.tokens_of("somebody")
        peer = self.server.connect(nick="李白")
        peer.send(type="hello", token=token)
        self.assertEqual([event["nick"] for event in peer.events()], ["李白", "李白"])

    def test_hello_comes_first_or_not_at_all(self) -> None:
        peer = self.server.connect()
        peer.send(type="ping")
        peer.events()
        peer.send(type="hello", nick="李白", ref="r")
        (error,) = peer.events()
        self.assertEqual((error["code"], error["ref"]), ("bad_field", "r"))


class NickTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.li = self.server.enter("大厅", "李白")

    def nick_of(self, peer: Peer) -> str:
        return str(peer.events()[0]["nick"])

    def test_on_connecting_the_next_free_is_given(self) -> None:
        self.assertEqual(self.nick_of(self.server.connect(nick="李白")), "李白-2")
        self.assertEqual(self.nick_of(self.server.connect(nick="李白")), "李白-3")
        peer = self.server.connect()
        peer.send(type="hello", nick="李白")
        self.assertEqual(peer.events()[1]["nick"], "李白-4")

    def test_the_longest_nick_is_shortened_for_its_number(self) -> None:
        self.assertEqual(self.nick_of(self.server.connect(nick="a" * 32)), "a" * 32)
        self.assertEqual(self.nick_of(self.server.connect(nick="a" * 32)), "a" * 30 + "-2")

    def test_look_alikes_are_taken_too(self) -> None:
        self.server.connect(nick="Mark")
        self.assertEqual(self.nick_of(self.server.connect(nick="Mаrk")), "Mаrk-2")

    def test_who_goes_frees_it(self) -> None:
        self.li.cut()
        self.assertEqual(self.nick_of(self.server.connect(nick="李白")), "李白")

    def test_a_rename_is_told_once_to_each_who_shares_a_room(self) -> None:
        du = self.server.enter("大厅", "杜甫")
        for peer in (du, self.li):
            peer.send(type="join", room="别处")
        stranger = self.server.enter("远方", "王维")
        self.li.events(), du.events(), stranger.events()
        self.li.send(type="nick", nick="太白", ref="r")
        renamed = {
            "type": "renamed",
            "user": self.li.welcome["user"],
            "nick": "太白",
            "was": "李白",
        }
        self.assertEqual(self.li.events(), [renamed, {"type": "done", "ref": "r"}])
        self.assertEqual(du.events(), [renamed])
        self.assertEqual(stranger.events(), [])
        self.li.say("a")
        self.assertEqual(du.events()[0]["nick"], "太白")

    def test_a_rename_is_encoded_once_for_all(self) -> None:
        others = [self.server.enter("大厅", f"n{number}") for number in range(20)]
        registry = self.server.server.sockets.registry
        frame, framed = registry.frame, []

        def counting(event: object) -> bytes:
            framed.append(event)
            return frame(event)

        self.patch(registry, "frame", counting)
        self.li.send(type="nick", nick="太白")
        self.assertEqual(len(framed), 1)
        self.assertEqual({types(other.events())[-1] for other in others}, {"renamed"})

    def test_a_nick_of_somebody_here_is_taken(self) -> None:
        self.server.enter("大厅", "杜甫")
        self.li.events()
        self.li.send(type="nick", nick="杜甫", ref="r")
        (error,) = self.li.events()
        self.assertEqual((error["code"], error["ref"]), ("nick_taken", "r"))

    def test_the_old_nick_is_free_and_ones_own_may_change_its_case(self) -> None:
        self.li.send(type="nick", nick="Li")
        self.li.send(type="nick", nick="LI")
        self.assertEqual([e["nick"] for e in self.li.events()], ["Li", "LI"])
        self.assertEqual(self.nick_of(self.server.connect(nick="李白")), "李白")

    def test_to_the_same_nick_is_done_and_no_event(self) -> None:
        self.li.send(type="nick", nick="李白", ref="r")
        self.assertEqual(types(self.li.events()), ["done"])

    def test_a_nick_that_is_none_is_refused(self) -> None:
        self.li.send(type="nick", nick="\u202e")
        self.li.send(type="nick", nick="a" * 33)
        self.assertEqual([e["code"] for e in self.li.events()], ["bad_field", "too_long"])


class SeveralConnectionsTests(SynchronousTestCase):
    """A user may have any number of connections; presence is about users."""

    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.watcher = self.server.enter("大厅", "看")
        self.first = self.server.enter("大厅", "李白")
        self.watcher.events()

    def second(self) -> Peer:
        return self.server.enter_as(self.first, "大厅")

    def test_first_in_and_last_out(self) -> None:
        second = self.second()
        self.assertEqual(second.welcome["nick"], "李白")
        self.assertEqual(second.joined["count"], 2)
        self.assertEqual((self.watcher.events(), self.first.events()), ([], []))
        self.first.cut()
        self.assertEqual(self.watcher.events(), [])
        second.cut()
        self.assertEqual(types(self.watcher.events()), ["left"])

    def test_each_hears_what_the_other_says(self) -> None:
        second = self.second()
        second.say("a", ref="r")
        self.assertEqual(types(self.first.events()), ["said"])
        self.assertEqual(types(second.events()), ["said", "done"])

    def test_one_that_leaves_hears_it_and_the_others_do_not(self) -> None:
        second = self.second()
        second.send(type="leave", room="大厅")
        self.assertEqual(types(second.events()), ["left"])
        self.assertEqual((self.watcher.events(), self.first.events()), ([], []))
