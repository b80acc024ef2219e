"""What a frame of `/ws` may say, and what is answered to the others."""

import json as standard
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import commands, events
from chatroom.core.commands import LONGEST
from chatroom.core.errors import Refused
from chatroom.wire import json

BIGGEST = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def frame(**fields: object) -> bytes:
    """A frame with these fields."""
    return standard.dumps(fields).encode()


class DecodeCase(SynchronousTestCase):
    """Ways to say what becomes of a frame."""

    def refusal(self, payload: bytes) -> Refused:
        return self.assertRaises(Refused, json.decode, payload)

    def assert_refused(self, code: str, payload: bytes) -> None:
        self.assertEqual(self.refusal(payload).code, code, payload[:200])

    def assert_bad_json(self, *payloads: bytes) -> None:
        for payload in payloads:
            self.assert_refused("bad_json", payload)


class CommandTests(DecodeCase):
    """Each command, and each of its fields."""

    # For each command: what it must have, and what else it may have, with good and bad values.
    TEXT = (["", "x", "李白"], [1, 1.5, True, [], {}])
    OPTIONAL_TEXT = ([*TEXT[0], None], TEXT[1])
    NUMBER = ([0, 1, BIGGEST, None], [-1, BIGGEST + 1, 10**30, 1.5, True, "1", [], {}])
    SEQ = ([0, 1, BIGGEST], [*NUMBER[1], None])
    ID = (
        ["a", " ", "~", "a" * 64, '"\\', None],
        ["", "a" * 65, "李", "\x7f", "\x1f", "a\n", "\n", "é", 1, [], True],
    )
    LIMIT = ([1, 50, 200], [0, 201, -1, BIGGEST + 1, 1.5, "1", None, True, [], {}])
    FLAG = ([True, False, None], [0, 1, "true", [], {}])
    SLOW = ([0, 1, 3600, None], [-1, 3601, 1.5, True, "1", [], {}])
    DAYS = ([0, 1, 36_500, None], [-1, 36_501, 1.5, True, "1", [], {}])
    COUNT = ([0, 1, 10_000_000, None], [-1, 10_000_001, 1.5, True, "1", [], {}])
    SECONDS = ([1, 60, LONGEST], [0, -1, LONGEST + 1, 1.5, True, "1", None, [], {}])
    OPTIONAL_SECONDS = ([*SECONDS[0], None], [each for each in SECONDS[1] if each is not None])
    USER = ([each for each in ID[0] if each is not None], [*ID[1], None])
    ROLE = (["owner", "moderator", "member", "guest"], ["host", "Owner", "", 1, None, [], {}])
    REF = (["", "a", "李" * 64, "\n", None], ["a" * 65, 1, 1.5, True, [], {}])
    FIELDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "hello": ({}, {"token": OPTIONAL_TEXT, "nick": OPTIONAL_TEXT}),
        "join": (
            {"room": TEXT},
            {
                "since": NUMBER,
                "epoch": OPTIONAL_TEXT,
                "password": OPTIONAL_TEXT,
                "invitation": (["", "a" * 64, None], ["a" * 65, 1, True, [], {}]),
            },
        ),
        "leave": ({"room": TEXT}, {}),
        "say": ({"text": TEXT}, {"room": OPTIONAL_TEXT, "id": ID, "reply_to": NUMBER}),
        "edit": ({"room": TEXT, "seq": SEQ, "text": TEXT}, {}),
        "delete": ({"room": TEXT, "seq": SEQ}, {}),
        "react": ({"room": TEXT, "seq": SEQ, "emoji": TEXT}, {}),
        "unreact": ({"room": TEXT, "seq": SEQ, "emoji": TEXT}, {}),
        "read": ({"room": TEXT, "seq": SEQ}, {}),
        "unread": ({}, {}),
        "typing": ({"room": TEXT}, {}),
        "nick": ({"nick": TEXT}, {}),
        "members": ({"room": TEXT}, {"after": OPTIONAL_TEXT}),
        "history": (
            {"room": TEXT},
            {"before": NUMBER, "after": NUMBER, "around": NUMBER, "at": NUMBER, "limit": LIMIT},
        ),
        "search": (
            {"q": TEXT},
            {
                "room": OPTIONAL_TEXT,
                "cursor": (["", "a" * 64, None], ["a" * 65, 1, True, [], {}]),
                "limit": ([1, 20, 100], [0, 101, -1, 1.5, "1", None, True, [], {}]),
            },
        ),
        "rule": (
            {"room": TEXT},
            {
                "locked": FLAG,
                "announcements": FLAG,
                "slow": SLOW,
                "password": OPTIONAL_TEXT,
                "topic": OPTIONAL_TEXT,
                "title": OPTIONAL_TEXT,
                "unlisted": FLAG,
                "archived": FLAG,
                "keep_days": DAYS,
                "keep_messages": COUNT,
            },
        ),
        "retention": ({"room": TEXT}, {"keep_days": DAYS, "keep_messages": COUNT}),
        "appoint": ({"room": TEXT, "user": USER, "role": ROLE}, {}),
        "mute": ({"room": TEXT, "user": USER, "seconds": SECONDS}, {"reason": OPTIONAL_TEXT}),
        "unmute": ({"room": TEXT, "user": USER}, {}),
        "kick": ({"room": TEXT, "user": USER}, {"reason": OPTIONAL_TEXT}),
        "ban": (
            {"user": USER},
            {
                "room": OPTIONAL_TEXT,
                "seconds": OPTIONAL_SECONDS,
                "network": ([True, False], [0, "true", None, [], {}]),
                "reason": OPTIONAL_TEXT,
            },
        ),
        "unban": ({"user": USER}, {"room": OPTIONAL_TEXT}),
        "purge": ({"room": TEXT, "user": USER}, {}),
        "moderation": ({}, {"room": OPTIONAL_TEXT}),
        "audit": ({}, {"room": OPTIONAL_TEXT, "before": NUMBER, "limit": LIMIT}),
        "versions": ({"room": TEXT, "seq": SEQ}, {}),
        "rooms": (
            {},
            {
                "q": (["", "a" * 64], ["a" * 65, 1, None, [], {}]),
                "limit": ([1, 200], [0, 201, -1, 1.5, "1", None, True, [], {}]),
            },
        ),
        "create": (
            {},
            {
                "room": OPTIONAL_TEXT,
                "title": OPTIONAL_TEXT,
                "topic": (TEXT[0], [*TEXT[1], None]),
                "unlisted": ([True, False], [0, "true", None, [], {}]),
            },
        ),
        "direct": ({"user": USER}, {}),
        "invite": (
            {"room": TEXT},
            {
                "seconds": OPTIONAL_SECONDS,
                "uses": ([1, 10_000, None], [0, 10_001, -1, 1.5, "1", True, [], {}]),
            },
        ),
        "invitations": ({"room": TEXT}, {}),
        "revoke": ({"room": TEXT, "id": SEQ}, {}),
        "part": ({"room": TEXT}, {}),
        "destroy": ({"room": TEXT}, {}),
        "own": ({"secret": (["", "x", "李" * 100], ["a" * 101, 1, True, [], {}])}, {}),
        "ping": ({}, {}),
    }

    def test_the_table_has_all_commands_and_all_their_fields(self) -> None:
        self.assertEqual(set(self.FIELDS), set(json.COMMANDS))
        for kind, (needed, optional) in self.FIELDS.items():
            fields = set(json.COMMANDS[kind].__struct_fields__)
            self.assertEqual(fields, {*needed, *optional, "ref"}, kind)

    def test_with_what_is_needed_and_nothing_else(self) -> None:
        for kind, (needed, _) in self.FIELDS.items():
            given = self.given(needed)
            command = json.decode(frame(type=kind, **given))
            self.assertIs(type(command), json.COMMANDS[kind])
            self.assertEqual({name: getattr(command, name) for name in needed}, given)

    def given(self, needed: dict[str, Any]) -> dict[str, Any]:
        """A right value for each."""
        return {name: right[1] for name, (right, _) in needed.items()}

    def test_what_is_left_out_has_its_default(self) -> None:
        self.assertEqual(json.decode(frame(type="say", text="x")), commands.Say(text="x"))
        self.assertEqual(
            json.decode(frame(type="history", room="x")), commands.History(room="x", limit=50)
        )

    def test_what_is_needed_may_not_be_missing_or_null(self) -> None:
        for kind, (needed, _) in self.FIELDS.items():
            for name in needed:
                others = self.given(needed)
                del others[name]
                self.assert_refused("bad_field", frame(type=kind, **others))
                self.assert_refused("bad_field", frame(type=kind, **others, **{name: None}))

    def test_each_value_is_right_or_wrong(self) -> None:
        for kind, (needed, optional) in self.FIELDS.items():
            given = {"type": kind} | self.given(needed)
            for name, (right, wrong) in (needed | optional | {"ref": self.REF}).items():
                for value in right:
                    command = json.decode(frame(**given | {name: value}))
                    self.assertEqual(getattr(command, name), value, (kind, name))
                for value in wrong:
                    with self.subTest(kind=kind, name=name, value=value):
                        self.assert_refused("bad_field", frame(**given | {name: value}))

    def test_fields_of_other_commands_are_unknown_and_ignored(self) -> None:
        ping = frame(type="ping", room=1, text=[], id={}, since=-1, zzz={"a": [None, 1.5]})
        self.assertEqual(json.decode(ping), commands.Ping())

    def test_of_equal_keys_the_last_counts(self) -> None:
        self.assertEqual(
            json.decode(b'{"type":"ping","text":1,"type":"say","text":"a","text":"b"}'),
            commands.Say(text="b"),
        )
        self.assert_refused("bad_field", b'{"type":"say","text":"a","text":1}')

    def test_keys_may_be_escaped(self) -> None:
        self.assertEqual(json.decode(b'{"\\u0074ype":"p\\u0069ng"}'), commands.Ping())

    def test_names_of_commands_are_lower_case(self) -> None:
        for kind in ("Ping", "PING", "ping ", "", "command", "welcome", "__class__", "edited"):
            self.assert_refused("unknown_type", frame(type=kind))

    def test_without_a_type_that_is_text_there_is_no_command(self) -> None:
        for payload in (b"{}", b'{"type":null}', b'{"type":1}', b'{"type":["ping"]}', b'{"t":"x"}'):
            self.assert_refused("bad_field", payload)


class ReferenceTests(DecodeCase):
    """The answer to a bad frame carries what would show which one it was."""

    def test_a_sound_ref_and_id_come_back(self) -> None:
        for payload in (
            frame(type="nonsense", ref="r", id="i"),
            frame(type=1, ref="r", id="i"),
            frame(ref="r", id="i"),
            frame(type="say", text=1, ref="r", id="i"),
            frame(type="say", text="a\0", ref="r", id="i"),
            b'{"type":"ping","ref":"r","id":"i","x":' + b"[" * 9 + b"]" * 9 + b"}",
        ):
            refused = self.refusal(payload)
            self.assertEqual((refused.ref, refused.id), ("r", "i"), payload)

    def test_what_is_not_sound_does_not(self) -> None:
        for ref, id in (("r" * 65, "i" * 65), (1, 1), ([], []), (None, None), ({}, "李")):
            refused = self.refusal(frame(type="nonsense", ref=ref, id=id))
            self.assertEqual((refused.ref, refused.id), (None, None))

    def test_nor_does_it_with_a_nul(self) -> None:
        refused = self.refusal(frame(type="say", text="a", ref="\0", id="\0"))
        self.assertEqual((refused.code, refused.ref, refused.id), ("bad_json", None, None))

    def test_nor_does_what_could_not_be_sent(self) -> None:
        # Not on `/ws`, but where what JavaScript takes for JSON is still read.
        for ref in ("\ud800", "a\udfff", "\udc00\ud800"):
            refused = json.refused("bad_json", "It is wrong.", {"ref": ref, "id": ref})
            self.assertEqual((refused.ref, refused.id), (None, None))
        for ref in ("\ud7ff", "\ue000", "\U0001f004" * 64, "\n"):
            refused = json.refused("bad_json", "It is wrong.", {"ref": ref})
            self.assertEqual(refused.ref, ref)

    def test_of_what_is_no_json_there_is_none(self) -> None:
        self.assertIsNone(self.refusal(b'{"type":"ping","ref":"r"').ref)

    def test_the_sentence_can_be_shown(self) -> None:
        for payload in (b"{", b"[]", frame(type="say"), frame(type="x"), frame(type="say", text=1)):
            self.assertRegex(self.refusal(payload).message, r"\A[A-Z`].+\.\Z")


class StrictTests(DecodeCase):
    """JSON is that of RFC 8259, and nothing that would break what lies behind."""

    def everywhere(self, value: bytes) -> list[bytes]:
        """Put a value into a known field, an unknown one, and deeper."""
        return [
            b'{"type":"say","text":' + value + b"}",
            b'{"type":"ping","unknown":' + value + b"}",
            b'{"type":"ping","unknown":[{"a":' + value + b"}]}",
            b'{"type":' + value + b"}",
        ]

    def test_the_top_is_an_object(self) -> None:
        self.assert_bad_json(b"[]", b'["type","ping"]', b'"ping"', b"1", b"null", b"true")

    def test_it_is_whole_and_alone(self) -> None:
        whole = frame(type="ping")
        self.assert_bad_json(*(whole[:end] for end in range(len(whole))))
        self.assert_bad_json(
            whole + whole, whole + b",", b"," + whole, whole + b"\0", b"\xff" + whole
        )
        self.assertEqual(json.decode(b" \t\r\n" + whole + b" \n"), commands.Ping())

    def test_there_is_no_byte_order_mark(self) -> None:
        self.assert_bad_json(
            b"\xef\xbb\xbf" + frame(type="ping"), '{"type":"ping"}'.encode("utf-16")
        )

    def test_nothing_beside_the_rfc(self) -> None:
        self.assert_bad_json(
            b"{'type':'ping'}",
            b'{type:"ping"}',
            b'{"type":"ping",}',
            b'{"type":"ping"/**/}',
            b'{"type":"ping","a":01}',
            b'{"type":"ping","a":+1}',
            b'{"type":"ping","a":.5}',
            b'{"type":"ping","a":1.}',
            b'{"type":"ping","a":0x1}',
            b'{"type":"ping","a":[1,]}',
            b'{"type":"ping","a":True}',
            b'{"type":"ping","a":undefined}',
            b'{"type":"ping","a":"\\x41"}',
            b'{"type":"ping","a":"\\u12"}',
            b'{"type":"ping" "a":1}',
        )

    def test_numbers_are_finite(self) -> None:
        for value in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1e400", b"nan"):
            self.assert_bad_json(*self.everywhere(value))

    def test_huge_integers_are_no_failure(self) -> None:
        for digits in (20, 400, 5000, 60_000):
            value = b"9" * digits
            ignored, asked = (
                b'{"type":"ping","unknown":%b}' % value,
                b'{"type":"join","room":"x","since":%b}' % value,
            )
            self.assertIn(self.refusal(asked).code, ("bad_json", "bad_field"))
            if digits < 1000:
                self.assertEqual(json.decode(ignored), commands.Ping())
            else:
                self.assert_bad_json(ignored)

    def test_strings_have_no_lone_surrogates(self) -> None:
        for value in (
            b'"\\ud800"',
            b'"\\udc00"',
            b'"\\udc00\\ud800"',
            b'"\\ud800x"',
            b'"\\ud800\\n"',
        ):
            self.assert_bad_json(*self.everywhere(value))
        self.assert_bad_json(b'{"type":"ping","\\ud800":1}')
        said = json.decode(b'{"type":"say","text":"\\ud83c\\udc04"}')
        self.assertEqual(said.text, "\N{MAHJONG TILE RED DRAGON}")

    def test_strings_are_utf_8(self) -> None:
        for value in (
            b'"\xff"',
            b'"\xc0\x80"',
            b'"\xed\xa0\x80"',
            b'"\xf5\x80\x80\x80"',
            b'"\xe6"',
        ):
            self.assert_bad_json(*self.everywhere(value))

    def test_strings_have_no_nul(self) -> None:
        for value in (b'"\\u0000"', b'"a\\u0000b"', b'"\0"', b'"\\\\\\u0000"'):
            self.assert_bad_json(*self.everywhere(value))
        self.assert_bad_json(b'{"type":"ping","\\u0000":1}', b'{"type":"ping","a":{"b\\u0000":1}}')

    def test_what_only_looks_like_a_nul_is_none(self) -> None:
        self.assertEqual(json.decode(b'{"type":"say","text":"\\\\u0000"}').text, "\\u0000")
        self.assertEqual(json.decode(b'{"type":"say","text":"u0000"}').text, "u0000")

    def test_control_characters_are_escaped_and_then_allowed(self) -> None:
        for code in range(1, 32):
            self.assert_bad_json(b'{"type":"say","text":"' + bytes([code]) + b'"}')
            self.assertEqual(json.decode(frame(type="say", text=chr(code))).text, chr(code))

    def nested(self, levels: int, name: bytes, begin: bytes, end: bytes) -> bytes:
        """A frame so many levels deep, itself the first."""
        inner = begin * (levels - 1) + b"1" + end * (levels - 1)
        return b'{"type":"ping","' + name + b'":' + inner + b"}"

    def test_it_is_at_most_eight_levels_deep(self) -> None:
        for begin, end in ((b"[", b"]"), (b'{"a":', b"}")):
            self.assertEqual(json.decode(self.nested(8, b"unknown", begin, end)), commands.Ping())
            self.assert_bad_json(self.nested(9, b"unknown", begin, end))
            self.assert_refused("bad_field", self.nested(8, b"ref", begin, end))
            self.assert_bad_json(self.nested(9, b"ref", begin, end))

    def test_brackets_in_strings_are_no_levels(self) -> None:
        self.assertEqual(json.decode(frame(type="say", text="[{" * 100)).text, "[{" * 100)

    def test_many_shallow_brackets_are_no_levels(self) -> None:
        self.assertEqual(json.decode(frame(type="ping", x=[[]] * 1000)), commands.Ping())

    def test_a_bomb_is_refused_and_no_failure(self) -> None:
        for bomb in (b"[" * 65_000, b'{"a":' * 13_000, b'{"type":"ping","x":' + b"[" * 60_000):
            self.assert_bad_json(bomb)
        self.assert_bad_json(self.nested(30_000, b"x", b"[", b"]"))

    def test_many_keys_are_read(self) -> None:
        many = {f"key{number}": number for number in range(5000)}
        self.assertEqual(json.decode(frame(**many, type="ping")), commands.Ping())


class ConvertTests(DecodeCase):
    """The URL's `join` goes the same way."""

    def test_a_position_that_is_no_number_is_refused(self) -> None:
        for since in ("x", "-1", "1.5", "", 2**53, "\udcff"):
            error = self.assertRaises(
                Refused, json.convert, "join", {"room": "x", "since": since, "epoch": None}
            )
            self.assertEqual(error.code, "bad_field")
            self.assertRegex(error.message, r"\A[A-Z`].+\.\Z")


class AnyTextTests(SynchronousTestCase):
    """Whatever is said comes through as it is."""

    @given(TEXTS)
    def test_in(self, text: str) -> None:
        for payload in (
            frame(type="say", text=text),
            standard.dumps({"type": "say", "text": text}, ensure_ascii=False).encode(),
        ):
            self.assertEqual(json.decode(payload).text, text)

    @given(TEXTS, TEXTS)
    def test_out(self, text: str, nick: str) -> None:
        said = events.Said(room="r", seq=1, user="u", nick=nick, text=text, at=2)
        heard = standard.loads(json.encode(said))
        self.assertEqual((heard["text"], heard["nick"], heard["type"]), (text, nick, "said"))

    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_command_or_a_refusal(self, payload: bytes) -> None:
        try:
            json.decode(payload)
        except Refused as refused:
            self.assertIn(refused.code, ("bad_json", "bad_field", "unknown_type"))

    @given(
        st.dictionaries(
            st.sampled_from(["type", "text", "room", "id", "ref", "since", "limit", "zzz"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
                max_leaves=8,
            )
            | st.sampled_from(sorted(json.COMMANDS)),
        )
    )
    def test_any_object_is_a_command_or_a_refusal_that_can_be_told(self, fields: Any) -> None:
        try:
            json.decode(standard.dumps(fields).encode())
        except Refused as refused:
            told = msgspec.json.decode(json.encode(refused.told()))
            self.assertIn(told["code"], ("bad_json", "bad_field", "unknown_type"))


class EncodeTests(SynchronousTestCase):
    """An event is the wire's own shape."""

    def test_what_is_not_there_is_left_out(self) -> None:
        said = events.Said(room="大厅", seq=1, user="u", nick="李白", text="月", at=2)
        self.assertEqual(
            json.encode(said).decode(),
            '{"type":"said","room":"大厅","seq":1,"user":"u","nick":"李白","text":"月","at":2}',
        )

    def test_null_is_said_where_the_protocol_has_it(self) -> None:
        page = events.HistoryPage(
            room="r", messages=[], oldest=None, newest=None, more=False, as_of=0
        )
        heard = standard.loads(json.encode(page))
        self.assertEqual((heard["oldest"], heard["newest"]), (None, None))
        self.assertNotIn("ref", heard)

    def test_true_alone_is_said_of_a_repetition(self) -> None:
        said = events.Said(room="r", seq=1, user="u", nick="n", text="t", at=2, again=True)
        self.assertIs(standard.loads(json.encode(said))["again"], True)
