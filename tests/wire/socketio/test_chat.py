"""The chat in Socket.IO's words: what an event asks, and how what has happened is told."""

import json as standard
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from socketio import packet as oracle
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import commands, events
from chatroom.core.errors import Refused
from chatroom.wire import json
from chatroom.wire.socketio import chat
from chatroom.wire.socketio.packet import decode

PERSON = events.Person(user="u", nick="李白")
SAID = events.Said(room="r", seq=7, id="i", user="u", nick="李白", text="月", at=9)
# Each event, as the core makes it.
EVENTS: tuple[events.Event, ...] = (
    SAID,
    events.Welcome(protocol=1, client="c", user="u", nick="n", token="t", limits={"text": 4000}),
    events.Joined(room="r", epoch="e", seq=0, oldest=1, members=[PERSON], count=1, ref="x"),
    events.Edited(room="r", seq=8, of=7, text="月", user="u", at=9),
    events.Deleted(room="r", seq=8, of=7, user="u", at=9),
    events.Reacted(room="r", seq=8, of=7, emoji="👍", user="u", nick="n", at=9),
    events.Unreacted(room="r", seq=8, of=7, emoji="👍", user="u", nick="n", at=9),
    events.HasRead(room="r", up_to=7),
    events.UnreadRooms(rooms=[events.RoomUnread("r", 7, 2, 1)]),
    events.Moderated(room="r", seq=8, act="ban", whom=PERSON, user="u", nick="n", at=9),
    events.Appointed(room="r", seq=8, role="member", whom=PERSON, user="u", nick="n", at=9),
    events.WouldGo(room="r", keep_days=9, keep_messages=0, messages=0, up_to=None, at=None),
    events.Destroyed(room="r", seq=8, user="u", nick="n", at=9),
    events.RoomList(rooms=[events.Listed(name="r", topic="", count=1, seq=0, at=None)], more=False),
    events.Created(room="r", with_=PERSON),
    events.Invited(room="r", invitation=events.Invitation(id=1, code="c", by=PERSON, at=9)),
    events.Invitations(room="r", invitations=[]),
    events.News(room="r", newest=8, user="u", nick="n", text="月"),
    events.Ruled(room="r", seq=8, rules=events.Rules(slow=9), user="u", nick="n", at=9),
    events.Moderation(room="r", role="owner", rules=events.Rules(), roles=[], sanctions=[]),
    events.Audit(room="r", deeds=[], more=False),
    events.Versions(room="r", seq=7, texts=[events.Version("月", 9)]),
    events.Hosting(),
    events.Entered(room="r", user="u", nick="n", count=1),
    events.Left(room="r", user="u", nick="n", count=0),
    events.Presence(room="r", count=99),
    events.IsTyping(room="r", user="u", nick="n"),
    events.Renamed(user="u", nick="n", was="m"),
    events.HistoryPage(room="r", messages=[], oldest=None, newest=None, more=False, as_of=0),
    events.Found(messages=[], next=None),
    events.EventsPage(room="r", epoch="e", seq=1, oldest=1, events=[], more=False),
    events.MembersPage(room="r", members=[PERSON], count=1, more=False),
    events.Done(ref="x"),
    events.Pong(at=1),
    events.Wire(way="up", opcode=1, masked=True, length=2, at=1),
    events.Error(code="too_fast", message="Wait.", retry_after=1.5, id="i"),
    chat.Closing(code=1001, reason="the server is stopping", reconnect=2.7),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# What cannot be told from a mark of ours, were it let in, or cannot be told at all.
HOSTILE = ("\0", "\0001\0", "\0001\0r", "\x001", "r\0", "\ud800", "a\udfffb")


class ChatCase(SynchronousTestCase):
    """Ways to say what becomes of an event."""

    def refusal(self, name: str, *arguments: Any, fault: str | None = None) -> Refused:
        return self.assertRaises(Refused, chat.decode, name, arguments, fault)

    def assert_refused(self, code: str, name: str, *arguments: Any) -> None:
        refused = self.refusal(name, *arguments)
        self.assertEqual(refused.code, code, (name, arguments))
        self.assertRegex(refused.message, r"\A[A-Z`].+\.\Z")

    def received(self, text: str) -> commands.Command | Refused:
        """What becomes of a packet with one event."""
        packet = decode(text)
        name, *arguments = packet.data
        try:
            return chat.decode(name, arguments, packet.fault)
        except Refused as refused:
            return refused

    def read(self, message: bytes) -> Any:
        """The data of a message, as python-socketio reads it."""
        self.assertEqual(message[:1], b"4")
        return oracle.Packet(encoded_packet=message[1:].decode()).data


class CommandTests(ChatCase):
    NEEDED: dict[str, dict[str, Any]] = {
        "hello": {},
        "join": {"room": "r"},
        "leave": {"room": "r"},
        "say": {"text": "月"},
        "edit": {"room": "r", "seq": 7, "text": "月"},
        "delete": {"room": "r", "seq": 7},
        "react": {"room": "r", "seq": 7, "emoji": "👍"},
        "unreact": {"room": "r", "seq": 7, "emoji": "👍"},
        "read": {"room": "r", "seq": 7},
        "unread": {},
        "typing": {"room": "r"},
        "nick": {"nick": "n"},
        "members": {"room": "r"},
        "history": {"room": "r"},
        "search": {"q": "月"},
        "rule": {"room": "r"},
        "appoint": {"room": "r", "user": "u", "role": "member"},
        "mute": {"room": "r", "user": "u", "seconds": 9},
        "unmute": {"room": "r", "user": "u"},
        "kick": {"room": "r", "user": "u"},
        "ban": {"user": "u"},
        "unban": {"user": "u"},
        "purge": {"room": "r", "user": "u"},
        "moderation": {},
        "audit": {},
        "versions": {"room": "r", "seq": 7},
        "retention": {"room": "r"},
        "rooms": {},
        "create": {},
        "direct": {"user": "u"},
        "invite": {"room": "r"},
        "invitations": {"room": "r"},
        "revoke": {"room": "r", "id": 7},
        "part": {"room": "r"},
        "destroy": {"room": "r"},
        "own": {"secret": "s"},
        "ping": {},
    }

    def test_each_command_is_an_event_with_its_fields(self) -> None:
        self.assertEqual(set(self.NEEDED), set(json.COMMANDS))
        for name, fields in self.NEEDED.items():
            command = json.COMMANDS[name]
            self.assertEqual(chat.decode(name, [fields], None), command(**fields))
            self.assertEqual(
                chat.decode(name, [{**fields, "ref": "x", "zzz": 1}], None),
                command(**fields, ref="x"),
            )

    def test_with_nothing_needed_no_argument_is_needed(self) -> None:
        for name, fields in self.NEEDED.items():
            if fields:
                self.assert_refused("bad_field", name)
                self.assert_refused("bad_field", name, {})
            else:
                self.assertEqual(chat.decode(name, [], None), json.COMMANDS[name]())

    def test_wrong_types_are_refused(self) -> None:
        for name, fields in self.NEEDED.items():
            for field in fields:
                for value in (None, 1.5, True, [], {}, b"x"):
                    self.assert_refused("bad_field", name, {field: value})
            self.assert_refused("bad_field", name, {**fields, "ref": b"x"})

    def test_the_argument_is_one_object(self) -> None:
        for name in ("ping", "join", "unheard of"):
            for argument in ("x", 1, True, [], [{}], b"x"):
                self.assert_refused("bad_field", name, argument)
            self.assert_refused("bad_field", name, {"room": "r"}, {})
            self.assert_refused("bad_field", name, {"room": "r"}, None)

    def test_undefined_is_no_argument(self) -> None:
        """What JavaScript has where nothing was given goes over the wire as `null`."""
        self.assertEqual(chat.decode("ping", [None], None), commands.Ping())
        self.assertEqual(chat.decode("chat message", ["月", None], None), commands.Say(text="月"))
        self.assert_refused("bad_field", "join", None)

    def test_the_name_is_the_events_and_no_fields(self) -> None:
        self.assertEqual(chat.decode("ping", [{"type": "say", "text": "a"}], None), commands.Ping())

    def test_other_names_are_unknown(self) -> None:
        for name in ("error", "message", "said", "Ping", "", "chat message ", "__class__", "\0"):
            self.assert_refused("unknown_type", name)
            self.assert_refused("unknown_type", name, {"text": "a"})

    def test_a_refusal_has_the_ref_and_id_of_what_it_refuses(self) -> None:
        its = {"ref": "r", "id": "i"}
        for refused in (
            self.refusal("unheard of", its),
            self.refusal("join", its),
            self.refusal("ping", its, {}),
            self.refusal("ping", its, fault="It is wrong."),
            self.refusal("chat message", 1, its),
            self.refusal("chat message", "a", its, {}),
            self.refusal("chat message", "a", its, fault="It is wrong."),
        ):
            self.assertEqual((refused.ref, refused.id), ("r", "i"))


class MessageTests(ChatCase):
    def test_text_alone_is_said(self) -> None:
        for text in ("", "月", "<b>", " "):
            self.assertEqual(chat.decode("chat message", [text], None), commands.Say(text=text))

    def test_with_options(self) -> None:
        options = {"room": "r", "id": "i", "reply_to": 3, "ref": "x"}
        self.assertEqual(
            chat.decode("chat message", ["月", options], None), commands.Say(text="月", **options)
        )
        self.assertEqual(chat.decode("chat message", ["月", {}], None), commands.Say(text="月"))

    def test_the_text_is_the_argument_and_no_option(self) -> None:
        said = chat.decode("chat message", ["a", {"text": "b"}], None)
        self.assertEqual(said, commands.Say(text="a"))
        self.assert_refused("bad_field", "chat message", None, {"text": "b"})

    def test_without_a_text_nothing_is_said(self) -> None:
        self.assert_refused("bad_field", "chat message")
        for text in (None, 1, True, [], ["a"], {}, {"text": "a"}, b"a"):
            self.assert_refused("bad_field", "chat message", text)

    def test_options_are_one_object_with_the_right_types(self) -> None:
        for options in ("r", 1, True, [], b"r"):
            self.assert_refused("bad_field", "chat message", "a", options)
        for options in ({"room": 1}, {"id": ""}, {"id": "李"}, {"reply_to": -1}, {"ref": "r" * 65}):
            self.assert_refused("bad_field", "chat message", "a", options)
        self.assert_refused("bad_field", "chat message", "a", {}, {})
        self.assert_refused("bad_field", "chat message", "a", {}, "b")


class FaultTests(ChatCase):
    def test_it_is_bad_json_whatever_the_event(self) -> None:
        for name in ("ping", "chat message", "unheard of"):
            refused = self.refusal(name, fault="It is wrong.")
            self.assertEqual((refused.code, refused.message), ("bad_json", "It is wrong."))

    def test_what_comes_back_can_be_told(self) -> None:
        for hostile in HOSTILE:
            for text in (
                '2["join",{"room":"r","id":"i","ref":%s}]',
                '2["unheard of",{"id":"i","ref":%s}]',
                '2["chat message","a",{"id":"i","ref":%s}]',
            ):
                refused = self.received(text % standard.dumps(hostile))
                assert isinstance(refused, Refused)
                self.assertEqual((refused.code, refused.ref, refused.id), ("bad_json", None, "i"))
                self.assertEqual(self.read(chat.encode(refused.told()))[1]["id"], "i")


class AuthTests(ChatCase):
    def refused_auth(self, auth: dict[str, Any], fault: str | None = None) -> Refused:
        return self.assertRaises(Refused, chat.decode_auth, auth, fault, "lobby")

    def test_nobody_says_anything(self) -> None:
        for auth in ({}, {"nick": None, "room": None, "since": None}, {"zzz": 1}):
            self.assertEqual(
                chat.decode_auth(auth, None, "lobby"), (chat.Auth(), commands.Join(room="lobby"))
            )

    def test_who_one_is_and_where_one_enters(self) -> None:
        who = {"nick": "李白", "token": "t"}
        where = {"room": "r", "since": 3, "epoch": "e"}
        auth, join = chat.decode_auth(who | where, None, "lobby")
        self.assertEqual((auth.nick, auth.token), ("李白", "t"))
        self.assertEqual(join, commands.Join(**where))

    def test_an_empty_room_is_the_rooms_own_business(self) -> None:
        self.assertEqual(chat.decode_auth({"room": ""}, None, "lobby")[1].room, "")

    def test_wrong_types_are_refused(self) -> None:
        for field, wrong in (
            ("nick", (1, True, [], {})),
            ("token", (1, True, [], {})),
            ("room", (1, True, [], {})),
            ("since", ("1", 1.5, -1, 2**53, True, [], {})),
            ("epoch", (1, True, [], {})),
        ):
            for value in wrong:
                refused = self.refused_auth({field: value})
                self.assertEqual(refused.code, "bad_field")
                self.assertIn(field, refused.message)

    def test_a_fault_is_bad_json(self) -> None:
        refused = self.refused_auth({"nick": "\0"}, "A string holds no NUL.")
        self.assertEqual((refused.code, refused.message), ("bad_json", "A string holds no NUL."))

    def test_its_refusal_can_be_told(self) -> None:
        for hostile in HOSTILE:
            packet = decode("0" + standard.dumps({"ref": hostile}))
            refused = self.refused_auth(packet.data, packet.fault)
            self.assertIsNone(refused.ref)


class EncodeTests(ChatCase):
    def test_the_table_has_all_events(self) -> None:
        def kinds(kind: type[Struct]) -> set[type[Struct]]:
            return {kind}.union(*map(kinds, kind.__subclasses__()))

        bases = {events.Event, events.LogEvent}
        self.assertEqual({type(event) for event in EVENTS}, kinds(events.Event) - bases)

    def test_a_message_is_its_text_and_the_rest_of_its_event(self) -> None:
        self.assertEqual(
            chat.encode(SAID).decode(),
            '42["chat message","月",'
            '{"type":"said","room":"r","seq":7,"id":"i","user":"u","nick":"李白","at":9}]',
        )

    def test_each_other_is_named_after_its_type_and_is_that_of_ws(self) -> None:
        for event in EVENTS[1:]:
            name, fields = self.read(chat.encode(event))
            self.assertEqual(name, fields["type"])
            self.assertEqual(fields, standard.loads(json.encode(event)))

    def test_the_end_is_told_with_a_time_to_come_back_or_without(self) -> None:
        self.assertEqual(
            self.read(chat.encode(EVENTS[-1])),
            ["closing", {"type": "closing", "code": 1001, "reason": "the server is stopping",
                         "reconnect": 2.7}],
        )  # fmt: skip
        self.assertNotIn("reconnect", self.read(chat.encode(chat.Closing(code=1, reason="")))[1])

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text_comes_through_and_parts_no_packets(self, text: str) -> None:
        packet = chat.encode(events.Said(room="r", seq=1, user="u", nick=text, text=text, at=1))
        name, told, fields = self.read(packet)
        self.assertEqual((name, told, fields["nick"]), ("chat message", text, text))
        self.assertNotIn(b"\x1e", packet)


class AcknowledgementTests(ChatCase):
    def answer(self, id: int, event: events.Event) -> Any:
        """What a client hears in its acknowledgement."""
        packet = oracle.Packet(encoded_packet=chat.acknowledge(id, event)[1:].decode())
        self.assertEqual((packet.packet_type, packet.id), (oracle.ACK, id))
        [answer] = packet.data
        return answer

    def test_what_is_done_is_ok_and_has_its_number_if_any(self) -> None:
        for ref in (None, "", "r"):
            mark = chat.mark(7, ref)
            self.assertEqual(self.answer(7, events.Done(ref=mark)), {"ok": True})
            self.assertEqual(self.answer(0, events.Done(ref=mark, seq=0)), {"ok": True, "seq": 0})

    def test_an_error_has_its_event_and_the_clients_own_ref(self) -> None:
        for ref, told in ((None, {}), ("", {"ref": ""}), ("r", {"ref": "r"})):
            error = events.Error(code="c", message="M.", id="i", ref=chat.mark(7, ref))
            self.assertEqual(
                self.answer(7, error),
                {"ok": False,
                 "error": {"type": "error", "code": "c", "message": "M.", "id": "i", **told}},
            )  # fmt: skip

    def test_so_has_every_other_answer(self) -> None:
        for ref, told in ((None, {}), ("", {"ref": ""}), ("r", {"ref": "r"})):
            pong = events.Pong(at=1, ref=chat.mark(7, ref))
            self.assertEqual(
                self.answer(7, pong), {"ok": True, "event": {"type": "pong", "at": 1, **told}}
            )

    def test_only_what_has_a_mark_was_asked_for(self) -> None:
        for ref in (None, "", "r", "1"):
            self.assertIsNone(chat.asked(ref))
        for id in (0, 7, 10**15 - 1):
            self.assertEqual(chat.asked(chat.mark(id, None)), id)
            self.assertEqual(chat.asked(chat.mark(id, "r")), id)

    @given(st.integers(0, 10**15 - 1), st.none() | TEXTS)
    def test_a_mark_keeps_any_ref(self, id: int, ref: str | None) -> None:
        event = events.Pong(at=1, ref=chat.mark(id, ref))
        self.assertEqual(chat.asked(event.ref), id)
        self.assertEqual(self.answer(id, event)["event"].get("ref"), ref)

    @given(st.sampled_from(HOSTILE) | st.text(st.sampled_from("\0" + "1r")) | st.text())
    def test_no_ref_of_a_clients_is_a_mark(self, ref: str) -> None:
        for name in ("ping", "unheard of", "chat message"):
            came = self.received("2" + standard.dumps([name, "a", {"ref": ref}]))
            self.assertIsNone(chat.asked(came.ref))
            came = self.received("2" + standard.dumps([name, {"ref": ref}]))
            self.assertIsNone(chat.asked(came.ref))
