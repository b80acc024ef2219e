"""Who may import whom, and what no module may reach for by itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

PACKAGE = Path(__file__).parent.parent / "chatroom"

# What each may import beside the standard library and itself.
MAY_IMPORT = {
    "chatroom.core": {
        "chatroom.search",
        "confusable_homoglyphs",
        "msgspec",
        "precis_i18n",
        "twisted.internet.defer",
        "twisted.logger",
        "twisted.python.failure",  # what an errback is called with
    },
    "chatroom.search": set(),
    "chatroom.wire": {"chatroom.core", "msgspec"},
    "chatroom.export": {"chatroom.core", "msgspec"},
    "chatroom.fanout": {"chatroom.core", "twisted"},
    "chatroom.storage": {
        "chatroom.core",
        "chatroom.search",
        "msgspec",
        "twisted.internet.defer",
        "twisted.internet.interfaces",
        "twisted.internet.threads",
        "twisted.logger",
        "twisted.python.failure",
        "twisted.python.threadpool",
    },
    "chatroom.transports": {
        "autobahn",
        "chatroom.core",
        "chatroom.export",
        "chatroom.wire",
        "msgspec",
        "segno",
        "twisted",
        "zope.interface",
    },
    "chatroom.lesson": {"autobahn", "twisted"},
    "chatroom.refusal": {"twisted"},
    "chatroom.edition": {"chatroom.assets", "chatroom.refusal", "twisted"},
    "chatroom.assets": {"chatroom.refusal", "chatroom.transports.http", "twisted"},
    "chatroom.site": {
        "chatroom.assets",
        "chatroom.edition",
        "chatroom.refusal",
        "chatroom.transports",
        "twisted",
    },
    "chatroom.bundle": {
        "chatroom.assets",
        "chatroom.refusal",
        "chatroom.transports.http",
        "twisted",
    },
    "chatroom.options": {"twisted"},
    "chatroom.banner": {"chatroom.options", "ifaddr", "segno"},
    "chatroom.operator": {
        "chatroom.banner",
        "chatroom.core",
        "chatroom.export",
        "chatroom.storage",
        "chatroom.transports.visitor",
        "msgspec",
    },
    "chatroom.garbage": {"chatroom.core.interfaces"},
    "chatroom.listening": {
        "chatroom.options",
        "chatroom.transports.eager",
        "chatroom.transports.tls",
        "twisted",
    },
    "chatroom.signals": set(),
    # It builds and joins everything; what it joins, it is given.
    "chatroom.server": {"chatroom", "twisted.internet.defer", "txaio"},
    "chatroom.assembly": {"chatroom"},
    "chatroom": set(),
}
# They start it all, and nobody imports them.
ENTRY_POINTS = {"chatroom.service", "chatroom.__main__", "chatroom.operator.command_line"}
# Passed in as arguments, so that a whole server runs in one test, on a clock of the test's own.
PASSED_IN = {"twisted.internet.reactor", "time.time", "time.time_ns", "random"}


def within(name: str, names: set[str]) -> bool:
    return any(name == outer or name.startswith(f"{outer}.") for outer in names)


def layer(module: str) -> str:
    """The longest name with rules that the module lies in."""
    return max((name for name in MAY_IMPORT if within(module, {name})), key=len)


def uses(module: str, source: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of all that is imported, and of what is taken from `time` by its dot."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")[: len(module.split(".")) - node.level + is_package]
            origin = [*(parents if node.level else []), *filter(None, [node.module])]
            yield from ((node.lineno, ".".join([*origin, name.name])) for name in node.names)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "time":
            yield node.lineno, f"time.{node.attr}"


def breaches(module: str, source: str, is_package: bool = False) -> list[str]:
    if module in ENTRY_POINTS:
        return []
    own = layer(module)
    allowed = MAY_IMPORT[own] | sys.stdlib_module_names | ({own} - {"chatroom"})
    found = []
    for line, name in uses(module, source, is_package):
        if within(name, PASSED_IN):
            found.append(f"{module}:{line} takes {name}, which is to be passed in")
        elif not within(name, allowed):
            found.append(f"{module}:{line} must not import {name}")
    return found


class ImportTests(SynchronousTestCase):
    def test_every_module_keeps_to_the_arrows(self) -> None:
        found = []
        for path in sorted(PACKAGE.rglob("*.py")):
            names = path.relative_to(PACKAGE.parent).with_suffix("").parts
            is_package = names[-1] == "__init__"
            module = ".".join(names[:-1] if is_package else names)
            found += breaches(module, path.read_text("utf-8"), is_package)
        self.assertEqual(found, [])

    def test_a_breach_is_found(self) -> None:
        for module, source in {
            "chatroom.core.chat": "from twisted.internet import reactor",
            "chatroom.core.room": "from twisted.web import http",
            "chatroom.core.people": "def f():\n    import autobahn",
            "chatroom.core.presence": "from ..wire import json",
            "chatroom.core.limits": "import chatroom.storage.journal",
            "chatroom.core": "from .. import wire",
            "chatroom.wire.json": "from chatroom.transports.outbox import Outbox",
            "chatroom.transports.polling": "from chatroom.storage import journal",
            "chatroom.transports.websocket": "from chatroom import service",
            "chatroom.server": "from twisted.internet import reactor",
            "chatroom.storage.journal": "from chatroom.fanout.local import Local",
            "chatroom.fanout.local": "import chatroom.storage",
            "chatroom.export.html": "from chatroom.transports import http",
            "chatroom.lesson.poem": "from chatroom.core import events",
            "chatroom.site": "from .core import chat",
            "chatroom.options": "import twisted.internet.reactor",
            "chatroom.storage.schema": "import time\nnow = time.time()",
            "chatroom.storage.log": "from time import time_ns",
            "chatroom.transports.registry": "import random",
            "chatroom.wire.engineio": "from random import Random",
            "chatroom.new": "import msgspec",
        }.items():
            found = breaches(module, source, is_package=module == "chatroom.core")
            self.assertEqual(len(found), 1, f"{module}: {source}: {found}")

    def test_what_is_allowed(self) -> None:
        for module, source in {
            "chatroom.core.chat": "from twisted.internet.defer import Deferred\nimport msgspec",
            "chatroom.core.room": "from twisted.internet import defer\nfrom .events import Said",
            "chatroom.wire.json": "from ..core import commands",
            "chatroom.storage.journal": "import time\nstarted = time.monotonic()",
            "chatroom.service": "from twisted.internet import reactor\nimport time, random",
        }.items():
            self.assertEqual(breaches(module, source), [])
