"""The wheel, the editable install and the bare checkout: each finds the plugin and the page.

The Socket.IO client is fetched before, with the editable install of the tests; what fetches it
again, or cannot, is below.
"""

import email
import email.message
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener
from zipfile import ZipFile

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).parent.parent
LEFT_BEHIND = (".*", "__pycache__", "_trial_temp*", "build", "dist", "dropin.cache", "*.egg-info")
TWISTD = ("-c", "from twisted.scripts.twistd import run; run()", "-n", "--pidfile=")
TWIST = ("-m", "twisted")
CLIENT = "vendor/socket.io/socket.io.js"
NPM = """#!/bin/sh
echo "npm error no network" >&2
exit 1
"""

# The proxy that the environment may name is for the world outside.
open_url = build_opener(ProxyHandler({})).open


def run(*words: object, folder: Path, **environ: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def pip(*words: object, python: Path, isolated: bool = False, **environ: str) -> None:
    """Off the network and not isolated, since the environment of the tests has setuptools."""
    options = ["--disable-pip-version-check", "--no-deps"]
    if not isolated:
        options += ["--no-index", "--no-build-isolation"]
    command = (sys.executable, "-m", "pip", "--python", python, *words, *options)
    run(*command, folder=workshop(), **environ)


def files(folder: Path, pattern: str = "*") -> set[str]:
    found = (path for path in folder.rglob(pattern) if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


@cache
def workshop() -> Path:
    """A folder beside the checkout of nothing, where everything here is made."""
    folder = Path("packaging").absolute()
    folder.mkdir()
    return folder


def copy_checkout(name: str, *left_behind: str) -> Path:
    copy = workshop() / name
    ignored = shutil.ignore_patterns(*LEFT_BEHIND, "chatroom-data", *left_behind)
    return Path(shutil.copytree(ROOT, copy, ignore=ignored))


@cache
def checkout() -> Path:
    """A copy, since building leaves its marks, with those of an older build in it."""
    copy = copy_checkout("checkout")
    old = copy / "build" / "lib" / "chatroom"
    old.mkdir(parents=True)
    (old / "deleted.py").touch()
    return copy


def path_of(name: str, **programs: str) -> str:
    """A PATH with these programs alone."""
    folder = workshop() / name
    folder.mkdir()
    for program, source in programs.items():
        (folder / program).write_text(source)
        (folder / program).chmod(0o755)
    return str(folder)


def build(source: Path, name: str, **environ: str) -> Path:
    target = workshop() / name
    pip("wheel", source, "--wheel-dir", target, python=Path(sys.executable), **environ)
    (wheel,) = target.iterdir()
    return wheel


@cache
def wheel() -> Path:
    return build(checkout(), "wheel")


def new_environment(name: str) -> Path:
    """A virtual environment's Python; it borrows the dependencies, but nothing of ours."""
    folder = workshop() / name
    venv.create(folder, symlinks=os.name != "nt")
    paths = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    # What such a file names is not searched for further ones, such as our own editable install.
    lines = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (packages / "dependencies.pth").write_text("\n".join(lines))
    return Path(sysconfig.get_path("scripts", "venv", paths)) / Path(sys.executable).name


class WheelTests(SynchronousTestCase):
    def test_what_is_inside(self) -> None:
        """Every module, the API, the plugin and the page; no tests, nothing of an older build."""
        with ZipFile(wheel()) as archive:
            inside = {name for name in archive.namelist() if ".dist-info/" not in name}
        code = {f"chatroom/{name}" for name in files(ROOT / "chatroom", "*.py")}
        page = {f"chatroom/web/{name}" for name in files(ROOT / "web")}
        plugin = {"twisted/plugins/chatroom_plugin.py", "chatroom/py.typed"}
        api = {"chatroom/transports/openapi.json", "chatroom/export/page.css"}
        self.assertEqual(inside, code | page | plugin | api)
        self.assertIn("chatroom/web/index.html", inside)
        self.assertIn(f"chatroom/web/{CLIENT}", inside)
        self.assertIn("chatroom/web/vendor/socket.io/LICENSE", inside)

    def test_what_it_says_of_itself(self) -> None:
        with ZipFile(wheel()) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
            about = email.message_from_bytes(archive.read(name))
        self.assertEqual(about["Name"], "chatroom")
        self.assertEqual(about["Requires-Python"], ">=3.11")
        self.assertEqual(about["License-Expression"], "MIT")
        self.assertEqual(about["Description-Content-Type"], "text/markdown")
        readme = (ROOT / "README.md").read_text("utf-8")
        self.assertEqual(self.description(about).strip(), readme.strip())

    def description(self, about: email.message.Message) -> str:
        payload = about.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload.decode()

    def test_the_source_distribution_makes_the_same_wheel_without_npm(self) -> None:
        target = workshop() / "sdist"
        program = f"from setuptools import build_meta; build_meta.build_sdist({str(target)!r})"
        run(sys.executable, "-c", program, folder=checkout())
        (archive,) = target.iterdir()
        again = build(archive, "wheel-of-sdist", PATH=path_of("nothing"))
        with ZipFile(wheel()) as one, ZipFile(again) as other:
            self.assertEqual(set(one.namelist()), set(other.namelist()))
        with tarfile.open(archive) as sources:
            names = {name.partition("/")[2] for name in sources.getnames()}
        self.assertLessEqual({"tests/test_packaging.py", "LICENSE", "scripts/test"}, names)


class StartTests(SynchronousTestCase):
    """The server comes up, and shows the page, from wherever it is started."""

    def setUp(self) -> None:
        self.elsewhere = Path(self.mktemp()).absolute()
        self.elsewhere.mkdir()

    def check(self, python: Path, *program: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        data = self.elsewhere / "data"
        said = self.elsewhere / "said"
        with said.open("wb") as output:
            server = subprocess.Popen(
                [python, *program, "chatroom", "--port", str(port), "--data", str(data)],
                cwd=folder,
                env={k: v for k, v in os.environ.items() if not k.startswith("CHATROOM_")},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.addCleanup(self.stop, server)
        page = self.fetch(f"http://127.0.0.1:{port}/", server, said)
        self.assertRegex(page, b'src="/~[0-9a-f]{20}/js/main.js"')
        script = self.fetch(f"http://127.0.0.1:{port}/js/main.js", server, said)
        self.assertEqual(script, (ROOT / "web" / "js" / "main.js").read_bytes())
        client = self.fetch(f"http://127.0.0.1:{port}/socket.io/socket.io.js", server, said)
        self.assertEqual(client, (ROOT / "web" / CLIENT).read_bytes())

    def fetch(self, url: str, server: subprocess.Popen[bytes], said: Path) -> bytes:
        deadline = time.monotonic() + 30
        while server.poll() is None and time.monotonic() < deadline:
            try:
                with open_url(url, timeout=10) as answer:
                    return bytes(answer.read())
            except URLError as error:
                if not isinstance(error.reason, ConnectionRefusedError):
                    raise
                time.sleep(0.05)
        raise AssertionError(f"There is no server: {said.read_text('utf-8')}")

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise

    def home(self, python: Path) -> Path:
        program = "import chatroom; print(chatroom.__file__)"
        return Path(run(python, "-c", program, folder=self.elsewhere).strip())

    def test_installed_from_the_wheel(self) -> None:
        python = new_environment("installed")
        pip("install", "--ignore-installed", wheel(), python=python)
        self.assertTrue(self.home(python).is_relative_to(workshop() / "installed"))
        self.check(python, *TWISTD, folder=self.elsewhere)

    def test_editable(self) -> None:
        python = new_environment("editable")
        pip("install", "--ignore-installed", "--editable", checkout(), python=python)
        self.assertTrue(self.home(python).is_relative_to(checkout()))
        self.check(python, *TWISTD, folder=self.elsewhere)

    def test_bare_checkout(self) -> None:
        self.check(new_environment("bare"), *TWIST, folder=checkout())

    def test_installed_where_there_is_neither_node_nor_npm(self) -> None:
        """From the network, as pip does it by itself."""
        bare = copy_checkout("without-node", "vendor")
        python = new_environment("installed-without-node")
        alone = path_of("neither-node-nor-npm")
        pip("install", "--ignore-installed", bare, python=python, isolated=True, PATH=alone)
        self.check(python, *TWISTD, folder=self.elsewhere)


class WithoutClientTests(SynchronousTestCase):
    """A build that cannot get the client."""

    def setUp(self) -> None:
        name = self.id().rpartition(".")[2]
        self.bare = copy_checkout(name, "vendor")
        self.path = path_of(f"{name}-path", node=NPM, npm=NPM)
        self.target = f"{name}-wheel"

    def test_it_fails_with_one_sentence(self) -> None:
        said = str(self.assertRaises(AssertionError, self.build))
        self.assertIn(
            "chatroom: the Socket.IO client could not be fetched (npm said: no network); "
            "set CHATROOM_WITHOUT_SOCKETIO_CLIENT=1 to build without it\n",
            said,
        )
        self.assertNotIn("Traceback", said)

    def test_it_succeeds_if_that_is_wished(self) -> None:
        with ZipFile(self.build(CHATROOM_WITHOUT_SOCKETIO_CLIENT="1")) as archive:
            inside = archive.namelist()
        self.assertIn("chatroom/web/index.html", inside)
        self.assertEqual([name for name in inside if "vendor" in name], [])

    def build(self, **environ: str) -> Path:
        return build(self.bare, self.target, PATH=self.path, **environ)
