"""The documents are true of the code, equal in both languages, and their examples work."""

import ast
import errno
import inspect
import os
import queue
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from json import JSONDecoder
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from twisted.application import app
from twisted.internet import base
from twisted.internet.threads import deferToThread
from twisted.logger import LogEvent, formatEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase, TestCase
from twisted.web import http
from websockets.sync.client import connect

from chatroom import banner, bundle, listening
from chatroom.__main__ import ForegroundOptions
from chatroom.core import callers, catching_up, events, limits, names, rooms, searching
from chatroom.core.permissions import RIGHTS, Role
from chatroom.options import Options, Settings
from chatroom.storage import files, history, log
from chatroom.storage import search as storage_search
from chatroom.transports import channel, http_waiting, refusals
from chatroom.wire import json, strict
from scripts import fetch_client
from tests.serving import serve
from tests.transports import described

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "chatroom"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


README = read("README.md")
CHINESE = read("README.zh-CN.md")
WALK = read("docs/walk.md")
PROTOCOL = read("docs/protocol.md")
OPERATIONS = read("docs/operations.md")
OURS = ("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
DOCUMENTS = (*OURS, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))


def prose(document: str) -> str:
    return FENCE.sub("", document)


def section(document: str, title: str) -> str:
    """What stands below a heading, up to the next of its level or above; '' without it."""
    found = re.search(rf"^(#+) {re.escape(title)}$", document, re.MULTILINE)
    if found is None:
        return ""
    rest = document[found.end() :]
    level = len(found[1])
    # A comment in a block of commands looks like a heading.
    masked = FENCE.sub(lambda block: " " * len(block[0]), rest)
    after = re.search(rf"^#{{1,{level}}} ", masked, re.MULTILINE)
    return rest[: after.start()] if after else rest


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [number for number, row in enumerate(table) if set("".join(row)) <= {"-", " "}]
    heads = {number - 1 for number in rules}
    return [row for number, row in enumerate(table) if number not in heads | set(rules)]


def blocks(text: str, language: str) -> list[str]:
    return [block for kind, block in FENCE.findall(text) if kind == language]


def sources(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def anchors(document: str) -> set[str]:
    """The headings of a document, as a link to one is written."""
    titles = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


class LinkTests(SynchronousTestCase):
    """Every link and picture leads somewhere."""

    def test_links_resolve(self) -> None:
        found = 0
        for name in DOCUMENTS:
            for target in LINK.findall(prose(read(name))):
                if re.match(r"[a-z]+:", target):
                    continue
                found += 1
                file, _, anchor = target.partition("#")
                path = (ROOT / name).parent / file if file else ROOT / name
                self.assertTrue(path.exists(), f"{name}: {target}")
                if anchor:
                    self.assertIn(anchor, anchors(path.read_text("utf-8")), f"{name}: {target}")
        self.assertGreater(found, 30)

    def test_documents_that_a_sentence_names(self) -> None:
        for name in DOCUMENTS:
            for target in re.findall(r"`((?:docs|tests|scripts)/[\w.-]+)`", read(name)):
                self.assertTrue((ROOT / target).exists(), f"{name}: {target}")


class ReadmeTests(SynchronousTestCase):
    """Whoever reads one README has read the other."""

    def test_same_headings(self) -> None:
        english, chinese = (
            re.findall(r"^#+(?= )", prose(document), re.MULTILINE) for document in (README, CHINESE)
        )
        self.assertGreater(len(english), 13)
        self.assertEqual(chinese, english)

    def test_same_blocks(self) -> None:
        english, chinese = (
            [
                (kind, re.sub(r"(^|\s)#.*", "", text)) if kind == "sh" else (kind, text)
                for kind, text in FENCE.findall(document)
            ]
            for document in (README, CHINESE)
        )
        self.assertGreater(len(english), 9)
        self.assertEqual(chinese, english)

    def test_same_links_and_tables_section_by_section(self) -> None:
        sections = zip(README.split("\n## "), CHINESE.split("\n## "), strict=True)
        for english, chinese in sections:
            title = english.partition("\n")[0]
            chinese = chinese.replace("lesson.zh-CN.md", "lesson.md").replace("-zh.png", "-en.png")
            links = [
                [target for target in LINK.findall(prose(text)) if "README" not in target]
                for text in (english, chinese)
            ]
            self.assertEqual(links[1], links[0], title)
            shapes = [[len(row) for row in rows(text)] for text in (english, chinese)]
            self.assertEqual(shapes[1], shapes[0], title)
            points = [len(re.findall(r"^\* ", text, re.MULTILINE)) for text in (english, chinese)]
            self.assertEqual(points[1], points[0], title)

    def test_same_names_in_code_font(self) -> None:
        sections = zip(README.split("\n## "), CHINESE.split("\n## "), strict=True)
        for english, chinese in sections:
            spans = [set(SPAN.findall(prose(text))) for text in (english, chinese)]
            self.assertEqual(spans[1], spans[0], english.partition("\n")[0])

    def test_what_the_start_shows(self) -> None:
        """The block is what the code prints, on a machine with this address and folder."""
        self.patch(banner, "addresses", lambda: ["192.168.1.5"])
        self.patch(os, "environ", {"LANG": "en_US.UTF-8"})
        settings = Settings(data=Path("/home/libai/chatroom/chatroom-data"))
        with open(os.devnull, "w", encoding="utf-8") as out:
            shown = banner.banner(settings, 3000, out, "4oL5…")
        self.assertIn(shown, blocks(README, "text"))
        for document in (README, CHINESE):
            self.assertIn(f"`{banner.WORDS['zh'][0]}`", document)

    def test_how_the_build_does_without_the_client(self) -> None:
        for document in (README, CHINESE):
            self.assertIn(f"`{fetch_client.WITHOUT}=1`", document)

    def test_conversation_in_the_shell(self) -> None:
        """What is sent is a command, what comes is an event."""
        [conversation] = [block for block in blocks(README, "text") if '"welcome"' in block]
        came = re.findall(r"^< (.*)$", conversation, re.MULTILINE)
        self.assertEqual(
            [type(event(line)) for line in came], [events.Welcome, events.Joined, events.Said]
        )
        for line in re.findall(r"^> (.*)$", conversation, re.MULTILINE):
            json.decode(line.encode())

    def test_commands_that_the_issue_names(self) -> None:
        commands = "".join(blocks(README, "sh"))
        for line in ("scripts/run", "scripts/test", "pip install .", "twistd chatroom --port 3000"):
            self.assertIn(f"\n{line}\n", f"\n{commands}")
        for script in ("scripts/run", "scripts/test"):
            self.assertTrue(os.access(ROOT / script, os.X_OK), script)


class ReadmeProgramTests(TestCase):
    """The ten lines of Python talk to a real server."""

    async def test_ten_lines(self) -> None:
        [program] = blocks(README, "python")
        self.assertEqual(len(program.splitlines()), 10)
        self.assertEqual(program.count("localhost:3000"), 1)
        address = (await serve(self)).removeprefix("http://")
        program = program.replace("localhost:3000", address)
        lines = await deferToThread(self._talk, program, address)
        self.assertEqual(lines, ["杜甫: 疑是地上霜", "李白: 举头望明月"])

    def _talk(self, program: str, address: str) -> list[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
            talking = subprocess.Popen(
                [sys.executable, "-u", "-X", "utf8", "-c", program],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=complaints,
                encoding="utf-8",
            )
            try:
                return list(self._listen(talking, address))
            except queue.Empty:
                complaints.seek(0)
                raise AssertionError(f"it said too little: {complaints.read()}") from None
            finally:
                talking.kill()
                talking.wait()
                talking.stdout.close()

    def _listen(self, talking: "subprocess.Popen[str]", address: str) -> Iterator[str]:
        heard: queue.Queue[str] = queue.Queue()

        def pump() -> None:
            for line in talking.stdout:
                heard.put(line.rstrip("\n"))

        # A line that never comes must not keep the test for ever.
        pumping = deferToThread(pump)
        self.addCleanup(lambda: pumping)
        yield heard.get(timeout=30)
        with connect(f"ws://{address}/ws?room=大厅&nick=李白", proxy=None) as libai:
            libai.send('{"type":"say","text":"举头望明月"}')
            yield heard.get(timeout=30)


class ReadmeCurlTests(TestCase):
    """The lines for a shell talk to a real server after all above them, and somebody answers."""

    async def test_five_lines(self) -> None:
        [script] = [block for block in blocks(README, "sh") if "/api/v1/" in block]
        [room] = set(re.findall(r"/rooms/(\w+)/", script))
        self.assertIn(f"`http://localhost:3000/r/{room}`", README)
        address = (await serve(self)).removeprefix("http://")
        self.assertEqual(script.count("localhost:3000"), 5)
        script = script.replace("localhost:3000", address)
        printed = await deferToThread(self._talk, script, address)
        said, rooms, page, news = self.objects(printed)
        [example] = [block for block in blocks(README, "json") if '"said"' in block]
        shown = msgspec.json.decode(example)
        changing = ("user", "at")
        self.assertEqual(said, shown | {name: said[name] for name in changing})
        self.assertEqual({room["name"] for room in rooms["rooms"]}, {"大厅", "诗社"})
        self.assertEqual(page["messages"][0]["text"], "空山不见人")
        self.assertEqual([each["text"] for each in news["messages"]], ["但闻人语响"])

    def _talk(self, script: str, address: str) -> str:
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        libai = connect(f"ws://{address}/ws?room=大厅&nick=李白", proxy=None)
        page = connect(f"ws://{address}/ws?room=诗社&nick=杜甫", proxy=None)
        with libai, page:
            libai.send('{"type":"say","text":"床前明月光"}')
            while '"said"' not in libai.recv(timeout=30):
                pass
            talking = subprocess.Popen(
                ["sh", "-ec", script],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
            try:
                while '"said"' not in page.recv(timeout=30):
                    pass
                page.send('{"type":"say","text":"但闻人语响"}')
                return talking.communicate(timeout=30)[0]
            finally:
                talking.kill()
                talking.wait()

    def objects(self, printed: str) -> Iterator[Any]:
        """What curl prints has no ends of lines."""
        decoder = JSONDecoder()
        while printed:
            found, end = decoder.raw_decode(printed)
            yield found
            printed = printed[end:]


class WalkTests(SynchronousTestCase):
    """The walk names files, and after a file names that are in it."""

    def test_files_exist_and_have_the_names(self) -> None:
        """A section begins without a file."""
        checked = 0
        for part in re.split(r"^#+ ", prose(WALK), flags=re.MULTILINE):
            path = None
            for span in SPAN.findall(part):
                if re.fullmatch(r"[\w/]+\.py", span):
                    path = ROOT / span if span.startswith("tests/") else PACKAGE / span
                    self.assertTrue(path.is_file(), span)
                elif re.fullmatch(r"[\w/]+/", span):
                    self.assertTrue((PACKAGE / span).is_dir() or (ROOT / span).is_dir(), span)
                elif re.fullmatch(r"[A-Za-z_][\w.]*(\(.*\))?", span):
                    self.assertIsNotNone(path, f"{span} is in no file")
                    source = path.read_text("utf-8")
                    for name in re.findall(r"\w+", span):
                        found = re.search(rf"\b{name}\b", source)
                        self.assertTrue(found, f"{path.name}: {span}")
                    checked += 1
        self.assertGreater(checked, 80)

    def test_opening_is_the_class_as_it_is(self) -> None:
        source = ast.parse((PACKAGE / "transports/websocket.py").read_text("utf-8"))
        classes = {node.name: node for node in source.body if isinstance(node, ast.ClassDef)}
        methods = {
            name: {
                node.name: [argument.arg for argument in node.args.args]
                for node in found.body
                if isinstance(node, ast.FunctionDef)
            }
            for name, found in classes.items()
        }
        opening = WALK.split("\n\n")[1]
        for name in ("onConnect", "onOpen", "onMessage", "onClose"):
            self.assertIn(name, methods["ChatProtocol"])
            self.assertIn(f"`{name}`", opening)
        self.assertIn("self.clients", ast.unparse(classes["ChatFactory"]))
        arguments = ", ".join(methods["ChatFactory"]["broadcast"][1:])
        self.assertIn(f"`broadcast({arguments})`", opening)

    def test_six_rooms_in_the_order_of_the_design(self) -> None:
        way = section(WALK, "The way of one message: six rooms")
        self.assertEqual(
            re.findall(r"^\d\. \*\*`([\w/.]+)`\*\*", way, re.MULTILINE),
            [
                "transports/websocket.py",
                "wire/json.py",
                "core/chat.py",
                "core/timeline.py",
                "transports/websocket.py",
                "transports/outbox.py",
            ],
        )

    def test_every_folder_is_there(self) -> None:
        folders = {f"{path.name}/" for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
        cells = [row[0] for row in rows(section(WALK, TABLE_OF_FOLDERS))]
        table = {name for cell in cells for name in SPAN.findall(cell)}
        modules = {"site.py", "server.py", "assembly.py", "service.py"}
        self.assertEqual(table, folders | modules)

    def test_its_example_is_a_command(self) -> None:
        for example in blocks(WALK, "json"):
            json.decode(example.encode())


TABLE_OF_FOLDERS = "Folders, and who may import whom"


def event_kinds() -> dict[str, type[events.Event]]:
    """Each event under the name that it has on the wire."""
    return {
        kind.__struct_config__.tag: kind
        for kind in vars(events).values()
        if isinstance(kind, type)
        and issubclass(kind, events.Event)
        and kind not in (events.Event, events.LogEvent)
    }


def event(line: str) -> events.Event:
    """Read an event as the wire has it; a field that no struct knows is an error."""
    raw = msgspec.json.decode(line)
    kind = event_kinds()[raw.pop("type")]
    unknown = raw.keys() - {field.encode_name for field in msgspec.structs.fields(kind)}
    if unknown:
        raise AssertionError(f"{kind.__name__} has no {unknown}")
    return msgspec.convert(raw | {"type": kind.__struct_config__.tag}, kind)


def listed(cell: str) -> set[str]:
    """Fields in a cell; a mark says which may be missing: `room`, `id`?"""
    return set(re.findall(r"`\w+`\??", cell))


def marked(kind: type[msgspec.Struct], leave_out: str = "") -> set[str]:
    """The fields of a struct as a cell has them; a default stands for its being left out."""
    return {
        f"`{field.encode_name}`" + ("" if field.required else "?")
        for field in msgspec.structs.fields(kind)
        if field.name != leave_out
    }


class CommandTests(SynchronousTestCase):
    def test_every_command_and_its_fields(self) -> None:
        table = {row[0]: row[1] for row in rows(section(PROTOCOL, "Commands"))}
        expected = {f"`{name}`": marked(kind, "ref") for name, kind in json.COMMANDS.items()}
        self.assertEqual({name: listed(cell) for name, cell in table.items()}, expected)
        self.assertIn("Any command may carry `ref`", PROTOCOL)

    def test_every_command_has_a_section_whose_example_is_one(self) -> None:
        commands = section(PROTOCOL, "Commands")
        for name, kind in json.COMMANDS.items():
            [example] = blocks(section(commands, name), "json")
            self.assertIs(type(json.decode(example.encode())), kind)
            fields = set(msgspec.json.decode(example)) - {"type"}
            self.assertLessEqual(fields, set(kind.__struct_fields__))


class EventTests(SynchronousTestCase):
    def sections(self) -> dict[str, str]:
        """Each event's section; one heading may be of two."""
        text = section(PROTOCOL, "Events")
        titles = re.findall(r"^### (.*)$", text, re.MULTILINE)
        return {name: section(text, title) for title in titles for name in title.split(", ")}

    def test_every_event_and_its_fields(self) -> None:
        sections = self.sections()
        self.assertEqual(sections.keys(), event_kinds().keys())
        for name, kind in event_kinds().items():
            table: set[str] = set()
            for row in rows(sections[name]):
                table |= listed(row[0])
            self.assertEqual(table, marked(kind), name)

    def test_fields_of_what_is_in_lists(self) -> None:
        [messages] = [row for row in rows(self.sections()["history"]) if row[0] == "`messages`"]
        self.assertEqual(listed(messages[1].partition(" as in ")[0]), marked(events.Message))

    def test_examples_are_events(self) -> None:
        for name, kind in event_kinds().items():
            found = [type(event(block)) for block in blocks(self.sections()[name], "json")]
            self.assertIn(kind, found, name)

    def test_an_example_with_a_wrong_field_would_be_found(self) -> None:
        self.assertRaises(AssertionError, event, '{"type":"pong","at":1,"time":1}')
        self.assertRaises(msgspec.ValidationError, event, '{"type":"pong","at":"1"}')


class CodeTests(SynchronousTestCase):
    def test_every_error_code(self) -> None:
        used = set()
        for source in sources(PACKAGE).values():
            used |= set(re.findall(r'\b_?[Rr]efused\(\s*"(\w+)"', source))
        self.assertGreater(len(used), 10)
        table = {row[0].strip("`") for row in rows(section(PROTOCOL, "Error codes"))}
        self.assertEqual(table, used)

    def test_every_code_with_its_status(self) -> None:
        documented = {
            (code, int(row[0]))
            for row in rows(section(PROTOCOL, "HTTP API"))
            if row[0].isdigit()
            for code in SPAN.findall(row[1])
        }
        codes = {row[0].strip("`") for row in rows(section(PROTOCOL, "Error codes"))}
        # A request joins no room, so it never is outside one.
        for code in codes - {"not_joined", "unknown_type"}:
            self.assertIn((code, refusals.STATUS.get(code, 400)), documented)
        for status, code in refusals.CODES.items():
            self.assertIn((code, status), documented)

    def test_numbers_of_the_http_api(self) -> None:
        api = section(PROTOCOL, "HTTP API")
        self.assertIn(f"`wait` is 0 to {http_waiting.LONGEST_WAIT} whole seconds", api)
        self.assertIn(f"ends early at {catching_up.READ // 1024} KiB of texts", api)
        self.assertEqual(catching_up.READ, log.READ)
        self.assertIn(f"one's own for {callers.LEASE:.0f} s", api)
        self.assertIn(f"the last {callers.MOST:,}", api)
        self.assertIn(f"{limits.COMMANDS_A_WINDOW} requests in {limits.WINDOW:.0f} s", api)

    def test_every_request_of_the_http_api(self) -> None:
        table = [SPAN.findall(row[0]) for row in rows(section(PROTOCOL, "HTTP API"))]
        requests = [spans[0].partition("?")[0] for spans in table if spans]
        listed = {tuple(each.split(" ")) for each in requests}
        self.assertEqual(listed, set(described.operations()))

    def test_every_close_code(self) -> None:
        """Ours, and those that Autobahn closes with for a fault of the client's."""
        protocol = channel.Channel
        ours = {
            value
            for name, value in vars(channel).items()
            if name.isupper() and isinstance(value, int) and 1000 <= value < 5000
        } - {channel.MAX_FRAMES_A_MESSAGE}
        autobahn = {
            protocol.CLOSE_STATUS_CODE_PROTOCOL_ERROR,
            protocol.CLOSE_STATUS_CODE_INVALID_PAYLOAD,
            protocol.CLOSE_STATUS_CODE_MESSAGE_TOO_BIG,
        }
        self.assertGreater(len(ours), 4)
        table = {int(row[0]) for row in rows(section(PROTOCOL, "Close codes"))}
        self.assertEqual(table, ours | autobahn)

    def test_the_pages_final_codes_are_those_not_to_come_back_from(self) -> None:
        final = set(re.findall(r"^ +(\d{4}): '", read("web/js/line/closing.js"), re.MULTILINE))
        table = {row[0] for row in rows(section(PROTOCOL, "Close codes")) if row[2][:2] == "no"}
        # 1002 does not happen to a browser.
        self.assertEqual(table - {"1002"}, final)

    def test_what_is_reserved_is_not_there(self) -> None:
        paths = SPAN.findall(section(PROTOCOL, "Reserved for later versions"))
        self.assertEqual(paths, ["/healthz", "/metrics"])
        for path in paths:
            self.assertNotIn(f'b"{path[1:]}"', read("chatroom/server.py"))


class LimitTests(SynchronousTestCase):
    DEFAULTS = limits.Limits()

    def test_limits(self) -> None:
        table = {row[0]: row[1] for row in rows(section(PROTOCOL, "Limits"))}
        for what, start in {
            "text of a message": f"{self.DEFAULTS.text} characters",
            "a message on the wire, client to server": f"{self.DEFAULTS.frame} bytes",
            "a nick": f"{names.MAX_NICK} characters",
            "a room's name": f"{names.MAX_ROOM} characters",
            "a topic": f"{names.MAX_TOPIC} characters",
            "rooms a connection": f"{self.DEFAULTS.rooms}",
            "messages a user": f"{self.DEFAULTS.rate} in {limits.WINDOW:.0f} s",
            "commands a connection": f"{limits.COMMANDS_A_WINDOW} in {limits.WINDOW:.0f} s",
            "depth of the JSON": f"{strict.MAX_DEPTH} levels",
        }.items():
            self.assertTrue(table.pop(what).startswith(start), what)
        self.assertEqual(table, {})
        self.assertIn(f"at most {channel.MAX_FRAMES_A_MESSAGE} frames", PROTOCOL)

    def test_numbers_in_sentences(self) -> None:
        self.assertIn(f"at most {rooms.RECOVERABLE:,} events between", PROTOCOL)
        self.assertIn(f"ends early at {history.PAGE // 1024} KiB", PROTOCOL)
        search = section(PROTOCOL, "search")
        self.assertIn(f"at most {searching.LONGEST} characters", search)
        self.assertIn(f"{searching.SEARCHES_A_WINDOW} searches in {limits.WINDOW:.0f} s", search)
        self.assertEqual(storage_search.PAGE, history.PAGE)
        self.assertIn(f"once in {rooms.TYPING_EVERY:.0f} s", PROTOCOL)

    def test_the_server_s_defaults_are_the_options(self) -> None:
        settings = Settings(data=Path())
        self.assertEqual(
            (settings.max_text, settings.max_frame, settings.rate),
            (self.DEFAULTS.text, self.DEFAULTS.frame, self.DEFAULTS.rate),
        )


class OptionTests(SynchronousTestCase):
    OTHERS: ClassVar = {"max-connections": "see below", "data": "`./chatroom-data`"}

    def options(self, kind: type[Options] = Options) -> set[str]:
        """All of them, the repeatable ones too."""
        return {option.rstrip("=") for option in kind({}).longOpt} - {"help", "version"}

    def default(self, option: str) -> str:
        if option in self.OTHERS:
            return self.OTHERS[option]
        name = option.replace("-", "_")
        defaults = {field.name: field.default for field in fields(Settings)}
        default: Any = defaults.get(name, defaults.get(f"{name}s"))
        if isinstance(default, bool):
            return "on" if default else "off"
        return "none" if default in (None, ()) else str(default)

    def test_every_option_with_its_variable_and_default(self) -> None:
        table = {}
        for row in rows(section(OPERATIONS, "Options")):
            [option] = re.findall(r"^`--([\w-]+)[^`]*`$", row[0])
            table[option] = (row[1], row[2])
        expected = {
            option: (f"`CHATROOM_{option.upper().replace('-', '_')}`", self.default(option))
            for option in self.options()
        }
        self.assertGreater(len(expected), 14)
        self.assertEqual(table, expected)

    def test_variables_are_read(self) -> None:
        """Each of the table's, with a value that is wrong."""
        wrong = {"CHATROOM_DATA": __file__}
        for row in rows(section(OPERATIONS, "Options")):
            variable = row[1].strip("`")
            options = Options({variable: wrong.get(variable, "\N{BULLET}")})
            stopped = self.assertRaises(SystemExit, options.parseOptions, [])
            self.assertIn(variable, str(stopped))

    def test_what_only_the_foreground_has(self) -> None:
        for option in self.options(ForegroundOptions) - self.options():
            self.assertIn(f"`--{option}`", section(OPERATIONS, "Start"))


class BackupTests(SynchronousTestCase):
    """The operator's commands, word for word."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        data = self.folder / "chatroom-data"
        data.mkdir()
        files.prepare(data)
        self.commands = blocks(section(OPERATIONS, "Backup and restore"), "sh")

    def run_in_shell(self, command: str) -> None:
        python = f"PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)}"
        subprocess.run(
            ["sh", "-ec", command.replace("python ", f"{python} ")],
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def test_what_is_written_there_works(self) -> None:
        backing_up, restoring = self.commands
        self.run_in_shell(backing_up)
        self.assertEqual((self.folder / "copy.db").stat().st_mode & 0o777, 0o600)
        self.run_in_shell(restoring)
        [former] = (self.folder / "chatroom-data").glob("chatroom.db.replaced-*")
        self.assertRegex(former.name, r"\Achatroom\.db\.replaced-\d{8}-\d{6}\Z")

    def test_an_export(self) -> None:
        [exporting] = blocks(section(OPERATIONS, "Export"), "sh")
        self.run_in_shell(exporting)
        self.assertEqual(os.listdir(self.folder / "everything"), ["index.html"])

    def test_by_cron(self) -> None:
        [line] = [
            line
            for line in blocks(section(OPERATIONS, "Backup and restore"), "text")[0].splitlines()
            if line
        ]
        command = line.split(None, 5)[5].replace(r"\%", "%")
        command = command.replace("/opt/chatroom/.venv/bin/python", "python")
        command = command.replace("/var/backups/chatroom", ".")
        self.run_in_shell(command.replace("/var/lib/chatroom", "chatroom-data"))
        [copy] = self.folder.glob("*.db")
        self.assertRegex(copy.name, r"\A\d{4}-\d\d-\d\d\.db\Z")


class SocketIOClientTests(SynchronousTestCase):
    """How the client is got is what the program that gets it does."""

    def test_the_operators_section(self) -> None:
        text = section(OPERATIONS, "The Socket.IO client")
        for script in bundle.SCRIPTS:
            self.assertRegex(text, rf"`(?:/socket\.io/)?{re.escape(script)}`")
        program = read("scripts/fetch_client.py")
        self.assertIn(f"`{fetch_client.WITHOUT}=1`", text)
        [sentence] = re.findall(r"`(chatroom: [^(]+) \(…\)`", text)
        self.assertIn(sentence, program)
        [command] = blocks(text, "sh")
        self.assertIn(f"`{command.strip()}`", program)


def log_lines() -> list[str]:
    """The lines that the operator's page explains."""
    return [span for row in rows(section(OPERATIONS, "Logs")) for span in SPAN.findall(row[0])]


class NoSocket:
    """A socket on a machine where every port is taken."""

    def __enter__(self) -> "NoSocket":
        return self

    def __exit__(self, *failure: object) -> None:
        pass

    def setsockopt(self, *option: object) -> None:
        pass

    def bind(self, address: object) -> None:
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


class SentenceTests(SynchronousTestCase):
    """What the start says, the log too, is what the code says; `…` stands for what differs."""

    def setUp(self) -> None:
        # Texts are broken over lines in the code, and hold names in braces.
        self.code = [
            re.sub(r'"\s*\n\s*f?"', "", source).replace("{source} ", "")
            for source in sources(PACKAGE).values()
        ]

    def documented(self) -> list[str]:
        table = rows(section(OPERATIONS, "What the start may say"))
        return [sentence for row in table for sentence in SPAN.findall(row[0])]

    def test_what_really_stops_a_start_is_there(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        for name in ("a.pem", "a.key"):
            (folder / name).write_text("")
        pair = ["--certificate", str(folder / "a.pem"), "--key", str(folder / "a.key")]
        found = [
            self.stop(Options({}).parseOptions, words)
            for words in (
                ["--port", "70000"],
                ["--nothing"],
                ["word"],
                pair[:2],
                [*pair, "--listen", "tcp:0"],
            )
        ]
        for settings in (
            Settings(data=folder, port=1),
            Settings(data=folder, certificate=folder / "a.pem", key=folder / "a.key"),
        ):
            self.patch(listening.socket, "socket", NoSocket)
            problem = self.assertRaises(listening.CannotListen, self.start, settings)
            found.append(str(problem))
        found.append(str(listening.cannot_listen("this address", OSError(99, "No such one"))))
        patterns = [
            ".+".join(re.escape(part) for part in each.split("…")) for each in self.documented()
        ]
        for sentence in found:
            self.assertTrue(any(re.fullmatch(each, sentence) for each in patterns), sentence)

    def stop(self, start: Callable[[list[str]], None], words: list[str]) -> str:
        return str(self.assertRaises(SystemExit, start, words)).removeprefix("chatroom: ")

    def start(self, settings: Settings) -> None:
        if settings.certificate is None:
            listening.free_port(settings)
        list(listening.endpoints(settings, object()))

    def test_nothing_is_documented_that_the_code_does_not_say(self) -> None:
        self.assertGreater(len(self.documented()), 18)
        systems = ("Address already in use", "Permission denied", "option … not recognized")
        for sentence in self.documented():
            for part in (*systems, "port …", "this address", "--port "):
                sentence = sentence.replace(part, "" if part in systems or part[0] == "-" else "…")
            for piece in sentence.split("…"):
                words = piece.strip(" .:;(")
                found = len(words) < 3 or any(words in code for code in self.code)
                self.assertTrue(found, f"{sentence}: {piece}")

    def test_every_sentence_of_storage(self) -> None:
        """No `StorageError` is left out."""
        documented = re.sub(r"\s+", " ", section(OPERATIONS, "What the start may say"))
        for name in ("files", "schema", "copying", "backup", "restore"):
            text = (PACKAGE / "storage" / f"{name}.py").read_text("utf-8")
            source = re.sub(r'"\s*\n\s*f?"', "", text)
            sentences = re.findall(r'StorageError\(\s*f?"([^"]+)"', source)
            sentences += re.findall(r'SQLITE_\w+: "([^"]+)"', source)
            self.assertTrue(sentences)
            for sentence in sentences:
                self.assertIn(f"`{re.sub('{[^}]*}', '…', sentence)}`", documented)

    def test_log(self) -> None:
        """Autobahn and Twisted say some of it."""
        theirs = ("failing WebSocket", "dropping connection", "Forcibly", "Site ", "(TCP Port")
        theirs += ("Main loop", "twistd ", "reactor class", "Server Shut Down")
        ours = [span for span in log_lines() if not span.startswith(theirs)]
        self.assertGreater(len(ours), 8)
        for span in ours:
            words = [
                word
                for word in re.split("…|Writing|Reading|Indexing|Deleting", span)
                if word.strip(" :")
            ]
            for piece in words:
                found = any(piece.strip(" :") in code for code in self.code)
                self.assertTrue(found, span)

    def test_what_twisted_says(self) -> None:
        said = {
            "Main loop terminated.": base,
            "twistd … starting up.": app,
            "reactor class: …": app,
            "Server Shut Down.": app,
            "Forcibly timing out client: …": http,
        }
        for line, module in said.items():
            self.assertIn(line, log_lines())
            for piece in line.removeprefix("twistd").split("…"):
                self.assertIn(piece.strip(), inspect.getsource(module))


class PortLogTests(TestCase):
    """What Twisted says of a port that is taken and given back."""

    async def test_lines(self) -> None:
        lines: list[str] = []
        self.addCleanup(lambda: self.assertIn(f"Site starting on {port}", lines))
        self.addCleanup(lambda: self.assertIn(f"(TCP Port {port} Closed)", lines))

        def observe(event: LogEvent) -> None:
            lines.append(formatEvent(event))

        globalLogPublisher.addObserver(observe)
        self.addCleanup(globalLogPublisher.removeObserver, observe)
        port = (await serve(self)).rpartition(":")[2]
        for line in ("Site starting on …", "(TCP Port … Closed)"):
            self.assertIn(line, log_lines())


class PermissionTests(SynchronousTestCase):
    def test_the_table_is_the_one_that_the_server_goes_by(self) -> None:
        document = read("docs/permissions.md")
        roles = " | ".join(role.word for role in Role)
        self.assertIn(f"| To … | {roles} |", document)
        expected = [
            [
                right.words + (", to lower ones" if right.outranks else ""),
                *("yes" if role >= right.least else "no" for role in Role),
            ]
            for right in RIGHTS.values()
        ]
        self.assertEqual([row for row in rows(document) if len(row) > 2], expected)


class ChangelogTests(SynchronousTestCase):
    def test_form(self) -> None:
        """Keep a Changelog: the unreleased first, then versions, with known kinds of changes."""
        changelog = read("CHANGELOG.md")
        versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
        self.assertEqual(versions[0], "Unreleased")
        kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
        self.assertLessEqual(set(re.findall(r"^### (.*)$", changelog, re.MULTILINE)), kinds)
