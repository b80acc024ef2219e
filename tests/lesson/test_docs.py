"""The lesson's two documents: equal to each other, true, and their commands work."""

import base64
import hashlib
import io
import os
import re
import subprocess
from contextlib import redirect_stdout
from pathlib import Path

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SynchronousTestCase, TestCase
from websockets.sync.client import connect

from tests.memory import MemoryServer, Wire
from tests.serving import serve

from .frames import BINARY, CLOSE, TEXT, Frame, read_frames

ROOT = Path(__file__).parents[2]
CHINESE = (ROOT / "docs" / "lesson.zh-CN.md").read_text("utf-8")
ENGLISH = (ROOT / "docs" / "lesson.md").read_text("utf-8")

MY_LINE = "床前明月光，原来是惠康;".encode()
NEXT_LINE = "举头望明月，低头思故乡,".encode()

NAMED = '42["chat message","床前明月光，原来是惠康;"'
SESSION = "/socket.io/?EIO=4&transport=polling"
# What is different on each run, though never longer or shorter.
CHANCE = re.compile(
    r'^(Date): .*$|"(sid|client|user|token|nick|epoch)":"[^"]*"|"(at)":\d+', re.MULTILINE
)
SPOKEN = re.compile(r"^(->|<-) +(\d+) +(.+(?:\n +␞.+)*)$", re.MULTILINE)

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    """What stands in the code blocks of one language."""
    return [text for name, text in FENCE.findall(document) if name == language]


def headings(document: str) -> list[tuple[str, str]]:
    """Level and number of each heading."""
    return re.findall(r"^(#+) ([\d.]*)", FENCE.sub("", document), re.MULTILINE)


def conversations(document: str) -> list[list[tuple[str, int, str]]]:
    """Who speaks, how many bytes, and what, in each block of polling."""
    found = [SPOKEN.findall(text) for text in blocks(document, "text") if "TLS" not in text]
    return [
        [(way, int(size), re.sub(r"\n +␞", "\x1e", said)) for way, size, said in lines]
        for lines in found
        if lines
    ]


def curl(said: str, session: str) -> bytes:
    """The request that curl makes of `POST body`, `GET path` or `GET`."""
    method, _, rest = said.partition(" ")
    rest = rest.strip()
    is_post = method == "POST"
    lines = [
        f"{method} {rest if rest and not is_post else session} HTTP/1.1",
        "Host: localhost:3000",
        "User-Agent: curl/7.88.1",
        "Accept: */*",
    ]
    if is_post:
        lines.append(f"Content-Length: {len(rest.encode())}")
        lines.append("Content-Type: application/x-www-form-urlencoded")
    return "\r\n".join([*lines, "", rest if is_post else ""]).encode()


def without_chance(data: bytes) -> str:
    """What an answer says, but for names, keys and times."""
    return CHANCE.sub(lambda found: found[found.lastindex], data.decode())


def numbered(section: int) -> str:
    """What the lesson says under this number."""
    return ENGLISH.partition(f"\n## {section}. ")[2].partition("\n## ")[0]


def in_a_shell(script: str) -> str:
    """What the commands print, each in its time."""
    environment = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    shell = ["sh", "-ec", script]
    return subprocess.check_output(shell, env=environment, encoding="utf-8", timeout=60)


def came(printed: str) -> list[int]:
    """How many bytes each answer had, of its head and of its body."""
    found = re.findall(r"^-> \d+ <- (\d+) \+ (\d+)$", printed, re.MULTILINE)
    return [int(head) + int(body) for head, body in found]


def on_the_wire(http: str) -> bytes:
    """A block's bytes: an empty line ends a head, any other last line break is only the block's."""
    text = http if http.endswith("\n\n") else http.removesuffix("\n")
    return text.replace("\n", "\r\n").encode()


class EqualDocumentsTests(SynchronousTestCase):
    """Whoever reads one of them has read the other."""

    def test_same_headings(self) -> None:
        self.assertGreater(len(headings(ENGLISH)), 12)
        self.assertEqual(headings(CHINESE), headings(ENGLISH))

    def test_same_blocks(self) -> None:
        self.assertGreater(len(FENCE.findall(ENGLISH)), 20)
        self.assertEqual(FENCE.findall(CHINESE), FENCE.findall(ENGLISH))

    def test_tables_of_the_same_size(self) -> None:
        english, chinese = (
            [line.count("|") for line in document.splitlines() if line.startswith("|")]
            for document in (ENGLISH, CHINESE)
        )
        self.assertEqual(chinese, english)

    def test_same_numbers(self) -> None:
        """Section by section, whatever order the sentence puts them in."""
        for english, chinese in zip(ENGLISH.split("\n## "), CHINESE.split("\n## "), strict=True):
            english, chinese = (
                sorted(re.findall(r"\d{3,}|\d+(?:,\d{3})+", FENCE.sub("", section)))
                for section in (english, chinese)
            )
            self.assertEqual(chinese, english)


class TrueDocumentsTests(SynchronousTestCase):
    """The blocks are the same in both, so one of them is enough."""

    def test_key_and_accept(self) -> None:
        request, response = (text for text in blocks(ENGLISH, "http") if "Sec-WebSocket-" in text)
        [key] = re.findall(r"Sec-WebSocket-Key: (.*)", request)
        [accept] = re.findall(r"Sec-WebSocket-Accept: (.*)", response)
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        self.assertEqual(accept, base64.b64encode(digest).decode())
        self.assertEqual(len(base64.b64decode(key)), 16)

    def test_computation_prints_what_it_says(self) -> None:
        [program] = [text for text in blocks(ENGLISH, "python") if "hashlib" in text]
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(program, {})
        self.assertIn(printed.getvalue(), blocks(ENGLISH, "text"))
        self.assertIn(f"Sec-WebSocket-Accept: {printed.getvalue()}", ENGLISH)

    def test_frames(self) -> None:
        frames = [
            frame for block in blocks(ENGLISH, "hex") for frame in read_frames(bytes.fromhex(block))
        ]
        refusal = (1003).to_bytes(2) + b"text only"
        texts = [text for text in blocks(ENGLISH, "text") if text.startswith(NAMED)]
        self.assertEqual(texts[0], f"{NAMED}]\n")
        [broadcast] = texts[1:]
        self.assertEqual(
            frames,
            [
                Frame(TEXT, MY_LINE, final=True, masked=True),
                Frame(TEXT, MY_LINE + NEXT_LINE, final=True, masked=False),
                Frame(CLOSE, b"", final=True, masked=True),
                Frame(CLOSE, (1000).to_bytes(2), final=True, masked=False),
                Frame(CLOSE, (1001).to_bytes(2), final=True, masked=True),
                Frame(BINARY, b"\x01\x02\x03", final=True, masked=True),
                Frame(CLOSE, refusal, final=True, masked=False),
                Frame(CLOSE, refusal, final=True, masked=True),
                Frame(TEXT, f"{NAMED}]".encode(), final=True, masked=True),
                Frame(TEXT, broadcast.strip().encode(), final=True, masked=False),
                Frame(TEXT, b"2probe", final=True, masked=True),
                Frame(TEXT, b"3probe", final=True, masked=False),
                Frame(TEXT, b"5", final=True, masked=True),
            ],
        )

    def test_sizes(self) -> None:
        sizes = [len(on_the_wire(block)) for block in blocks(ENGLISH, "http")]
        self.assertEqual(sizes, [94, 137, 101, 174, 478, 129, 112, 770])
        frames = [len(bytes.fromhex(block)) for block in blocks(ENGLISH, "hex")]
        self.assertEqual(frames[:2] + frames[8:], [40, 70, 61, 163, 12, 8, 7])
        for row in ["94 | 137", "517 | 137", "101 | 174", "478 | 129", "40 | 70", "18 | 14"]:
            self.assertIn(f" | {row} |\n", ENGLISH)
        # Chromium's: three requests and the upgrade; a POST and the GET that it answers.
        coming_in = [576 + 698 + 605 + 639 + 605 + 12 + 7, 770 + 648 + 961 + 129 + 647 + 8 + 165]
        one_message, sign_of_life = [752 + 605, 648 + 807], [605 + 697, 647 + 648]
        for sent, came in (coming_in, one_message, [61, 163], sign_of_life, [7, 3]):
            row = f"{sent:,} | {came:,}"
            self.assertIn(f" | {row} |\n", ENGLISH)
        self.assertIn(f" {(517 + 137) * 3600:,} ", ENGLISH)

    def test_the_tutorials_events_in_our_code(self) -> None:
        source = (ROOT / "chatroom" / "transports" / "socketio.py").read_text("utf-8")
        second = ENGLISH.partition("\n## 9. ")[2].partition("\n## ")[0]
        names = set(re.findall(r"`(?:SocketIOClient|Hub)\.(\w+)`", second))
        self.assertEqual(names, {"_connect", "_take", "packets", "_leave"})
        for name in names:
            self.assertRegex(source, rf"def {name}\b|self\.{name} = ")
        for line in ("有个connection进入了聊天室", "connection离开了"):
            self.assertIn(f'_log.info("{line}")', source)
            self.assertIn(f"`{line}`", second)

    def test_tls_records(self) -> None:
        """Of the 22 bytes around what is inside, a record's length leaves out the first 5."""
        [record_list] = [text for text in blocks(ENGLISH, "text") if "TLS" in text]
        records = re.findall(r"(\d+)  17 03 03 (.. ..) .*?(\d+) bytes inside", record_list)
        self.assertEqual([int(inside) for _, _, inside in records], [264, 129, 40, 70])
        for whole, length, inside in records:
            self.assertEqual(int(whole), 5 + int(length.replace(" ", ""), 16))
            self.assertEqual(int(whole), 22 + int(inside))

    def test_programs_compile(self) -> None:
        for program in blocks(ENGLISH, "python"):
            compile(program, "docs/lesson.md", "exec")

    def test_files_it_names_exist(self) -> None:
        names = set(re.findall(r"`(chatroom/[\w/]+\.py)`", ENGLISH))
        self.assertIn("chatroom/lesson/poem.py", names)
        self.assertEqual([name for name in names if not (ROOT / name).exists()], [])

    def test_tutorials_line_and_its_answer(self) -> None:
        self.assertIn("const ws = new WebSocket('ws://localhost:3000');\n", ENGLISH)
        self.assertIn((MY_LINE + NEXT_LINE).decode() + "\n", blocks(ENGLISH, "text"))


class PollingTests(SynchronousTestCase):
    """What is written of polling happens, byte by byte, when our server is asked the same."""

    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.waiting: list[Wire] = []
        self.session = SESSION

    def send(self, data: bytes) -> None:
        wire = self.server.wire()
        wire.receive(data)
        self.server.settle()
        self.waiting.append(wire)

    def answer(self) -> bytes:
        """The answer to what was asked last, of what is answered, be it after 25 seconds."""
        if not any(wire.taken for wire in self.waiting):
            self.server.clock.advance(25)
            self.server.settle()
        answered = [wire for wire in self.waiting if wire.taken][-1]
        self.waiting.remove(answered)
        return answered.taken

    def play(self, conversation: list[tuple[str, int, str]]) -> None:
        for way, size, said in conversation:
            if way == "->":
                data = curl(said, self.session)
                self.send(data)
            else:
                data = self.answer()
                body = data.partition(b"\r\n\r\n")[2]
                self.assertEqual(without_chance(body), without_chance(said.encode()))
            self.assertEqual(len(data), size, said)
        self.assertEqual(self.waiting, [])

    def test_from_the_opening_to_the_close(self) -> None:
        request, response = map(on_the_wire, blocks(ENGLISH, "http")[-2:])
        self.assertEqual(request, curl("GET", SESSION))
        self.send(request)
        opened = self.answer()
        self.assertEqual(without_chance(opened), without_chance(response))
        self.assertEqual(len(opened), len(response))
        [sid] = re.findall(rb'"sid":"([^"]+)"', opened)
        self.session += f"&sid={sid.decode()}"
        talk, farewell, acknowledged, bare = conversations(ENGLISH)
        for conversation in (talk, acknowledged, bare):
            self.play(conversation)
        # The message that the request without Socket.IO waited for.
        self.send(curl("GET", self.session))
        self.assertIn("举头望明月".encode(), self.answer())
        self.play(farewell)


class CurlTests(TestCase):
    """What a pupil types in sections 11, 13 and 14, typed into a shell, beside a real server."""

    async def test_answers_are_as_long_as_written(self) -> None:
        address = (await serve(self)).removeprefix("http://")
        typed = [
            block.replace("localhost:3000", address)
            for number in (11, 13, 14)
            for block in blocks(numbered(number), "sh")
            if "python" not in block
        ]
        typed[-1], waiting = typed[-1].splitlines()
        printed = await deferToThread(in_a_shell, "\n".join(typed))
        talk, _, acknowledged, bare = (
            [size for way, size, _ in conversation if way == "<-"]
            for conversation in conversations(ENGLISH)
        )
        lengths = came(printed)
        self.assertEqual(lengths[: 1 + len(talk)], [770, *talk])
        self.assertEqual(lengths[-1 - len(acknowledged) : -1], acknowledged)
        self.assertEqual(lengths[-1], bare[0])
        self.assertIn('430[{"ok":true,"seq":2}]', printed)
        heard = deferToThread(in_a_shell, "\n".join([typed[0], waiting]))
        await deferToThread(self._say, address)
        printed = await heard
        self.assertEqual(came(printed), [770, bare[-1]])

    def _say(self, address: str) -> None:
        with connect(f"ws://{address}/ws?room=lobby", proxy=None) as page:
            page.send('{"type":"say","text":"举头望明月"}')
            while '"said"' not in page.recv(timeout=30):
                pass
