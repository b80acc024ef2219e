"""The lesson's two documents: equal to each other, and true."""

import base64
import hashlib
import io
import re
from contextlib import redirect_stdout
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from .frames import BINARY, CLOSE, TEXT, Frame, read_frames

ROOT = Path(__file__).parents[2]
CHINESE = (ROOT / "docs" / "lesson.zh-CN.md").read_text("utf-8")
ENGLISH = (ROOT / "docs" / "lesson.md").read_text("utf-8")

MY_LINE = "床前明月光，原来是惠康;".encode()
NEXT_LINE = "举头望明月，低头思故乡,".encode()

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: str, language: str) -> list[str]:
    """What stands in the code blocks of one language."""
    return [text for name, text in FENCE.findall(document) if name == language]


def headings(document: str) -> list[tuple[str, str]]:
    """Level and number of each heading."""
    return re.findall(r"^(#+) ([\d.]*)", FENCE.sub("", document), re.MULTILINE)


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
        request, response = blocks(ENGLISH, "http")[-2:]
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
            ],
        )

    def test_sizes(self) -> None:
        sizes = [len(on_the_wire(block)) for block in blocks(ENGLISH, "http")]
        self.assertEqual(sizes, [94, 137, 101, 174, 478, 129])
        frames = [len(bytes.fromhex(block)) for block in blocks(ENGLISH, "hex")]
        self.assertEqual(frames[:2], [40, 70])
        for row in ["94 | 137", "517 | 137", "101 | 174", "478 | 129", "40 | 70", "18 | 14"]:
            self.assertIn(f" | {row} |\n", ENGLISH)
        self.assertIn(f" {(517 + 137) * 3600:,} ", ENGLISH)

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
