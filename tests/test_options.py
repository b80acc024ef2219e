"""Every option, from the command line and from the environment, and every value that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from chatroom.options import Options, Settings

ROOT = Path(__file__).parent.parent
FLAGS = {"trust-proxy": "trust_proxy", "log-messages": "log_messages"}


def settings(*words: str, **environment: str) -> Settings:
    options = Options(environment)
    options.parseOptions(list(words))
    return options.settings


def variable(option: str) -> str:
    return "CHATROOM_" + option.upper().replace("-", "_")


def python(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


class OptionsCase(SynchronousTestCase):
    """A folder with what options may name in it."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        for name in ("a.pem", "a.key", "index.html"):
            (self.folder / name).write_text("")
        self.certificate = str(self.folder / "a.pem")
        self.key = str(self.folder / "a.key")

    def sentence(self, *words: str, **environment: str) -> str:
        """What the start is stopped with: exactly one line for standard error, and status 1."""
        stopped = self.assertRaises(SystemExit, settings, *words, **environment)
        sentence = stopped.code
        # sys.exit() prints a text and makes the status 1.
        self.assertIsInstance(sentence, str)
        self.assertTrue(sentence.startswith("chatroom: "), sentence)
        self.assertNotIn("\n", sentence)
        self.assertNotIn("Usage:", sentence)
        return sentence.removeprefix("chatroom: ")


class DefaultTests(OptionsCase):
    def test_nothing_given(self) -> None:
        self.assertEqual(
            settings(),
            Settings(
                data=Path("chatroom-data").absolute(),
                port=3000,
                listen=(),
                certificate=None,
                key=None,
                public_url=None,
                web=None,
                allow_origins=(),
                trust_proxy=False,
                rate=30,
                max_text=4000,
                max_frame=65536,
                max_connections=None,
                max_per_address=0,
                log_messages=False,
            ),
        )

    def test_an_empty_variable_counts_as_unset(self) -> None:
        options = [*Options({}).defaults, "listen", "allow-origin"]
        for empty in ("", "  "):
            environment = {variable(option): empty for option in options}
            self.assertEqual(settings(**environment), settings())


class ValueTests(OptionsCase):
    """Each option with one good value; then the same value from the environment."""

    def check(self, option: str, text: str, field: str, value: object) -> None:
        by_word = settings(f"--{option}", text)
        by_variable = settings(**{variable(option): text})
        self.assertEqual(getattr(by_word, field), value)
        self.assertEqual(by_word, by_variable)

    def test_port(self) -> None:
        self.check("port", "8080", "port", 8080)
        self.check("port", "0", "port", 0)
        self.check("port", "65535", "port", 65535)

    def test_public_url(self) -> None:
        self.check(
            "public-url", "https://chat.example.org", "public_url", "https://chat.example.org"
        )
        self.check("public-url", "http://10.0.0.7:3000/", "public_url", "http://10.0.0.7:3000")
        self.check(
            "public-url", "HTTPS://Chat.Example.org:443", "public_url", "https://chat.example.org"
        )

    def test_data(self) -> None:
        self.check("data", "elsewhere", "data", Path("elsewhere").absolute())
        self.check("data", str(self.folder), "data", self.folder)
        self.check("data", "~/chat", "data", Path.home() / "chat")

    def test_web(self) -> None:
        self.check("web", str(self.folder), "web", self.folder)

    def test_numbers(self) -> None:
        self.check("rate", "5", "rate", 5)
        self.check("rate", "0", "rate", 0)
        self.check("max-text", "10", "max_text", 10)
        self.check("max-frame", "1024", "max_frame", 1024)
        self.check("max-connections", "100", "max_connections", 100)
        self.check("max-per-address", "3", "max_per_address", 3)
        self.check("max-per-address", "0", "max_per_address", 0)

    def test_certificate_and_key(self) -> None:
        by_word = settings("--certificate", self.certificate, "--key", self.key)
        self.assertEqual(by_word.certificate, Path(self.certificate))
        self.assertEqual(by_word.key, Path(self.key))
        by_variable = settings(CHATROOM_CERTIFICATE=self.certificate, CHATROOM_KEY=self.key)
        self.assertEqual(by_word, by_variable)

    def test_a_windows_path_is_a_path(self) -> None:
        """Its colon and backslashes mean nothing to us, as they would in an endpoint."""
        certificate = self.folder / "C:\\certs\\a.pem"
        certificate.write_text("")
        result = settings("--certificate", str(certificate), "--key", self.key)
        self.assertEqual(result.certificate, certificate)
        self.assertEqual(
            self.sentence("--certificate", "C:\\no\\a.pem", "--key", self.key),
            "--certificate needs a file that can be read, not 'C:\\\\no\\\\a.pem'",
        )

    def test_flags(self) -> None:
        for option, field in FLAGS.items():
            self.assertIs(getattr(settings(f"--{option}"), field), True)
            for yes in ("1", "true", "yes", "True", "YES"):
                self.assertIs(getattr(settings(**{variable(option): yes}), field), True)
            for no in ("0", "false", "no", "False", "NO"):
                self.assertIs(getattr(settings(**{variable(option): no}), field), False)


class RepeatableTests(OptionsCase):
    def test_listen(self) -> None:
        """The default port goes, but one that is asked for stays."""
        endpoints = ("tcp:8080:interface=127.0.0.1", "unix:/run/chat.socket")
        by_word = settings("--listen", endpoints[0], "--listen", endpoints[1])
        self.assertEqual(by_word.listen, endpoints)
        self.assertIsNone(by_word.port)
        self.assertEqual(settings(CHATROOM_LISTEN=" ".join(endpoints)), by_word)
        self.assertEqual(settings("--listen", "tcp:8080", "--port", "3000").port, 3000)

    def test_allow_origin(self) -> None:
        """As browsers write an origin, whatever way the operator did."""
        origins = {
            "https://www.example.org": "https://www.example.org",
            "https://Www.Example.org:443": "https://www.example.org",
            "http://localhost:8080": "http://localhost:8080",
            "http://localhost:80": "http://localhost",
            "http://[0:0::1]:8080": "http://[::1]:8080",
            "https://bücher.example": "https://xn--bcher-kva.example",
            "app://desk": "app://desk",
            "*": "*",
        }
        words = [word for origin in origins for word in ("--allow-origin", origin)]
        self.assertEqual(settings(*words).allow_origins, tuple(origins.values()))
        by_variable = settings(CHATROOM_ALLOW_ORIGIN=" ".join(origins))
        self.assertEqual(by_variable.allow_origins, tuple(origins.values()))


class PrecedenceTests(OptionsCase):
    def test_the_command_line_wins(self) -> None:
        self.assertEqual(settings("--port", "1", CHATROOM_PORT="2").port, 1)
        self.assertEqual(
            settings("--allow-origin", "http://a", CHATROOM_ALLOW_ORIGIN="http://b").allow_origins,
            ("http://a",),
        )
        self.assertIs(settings("--trust-proxy", CHATROOM_TRUST_PROXY="0").trust_proxy, True)

    def test_the_last_word_wins(self) -> None:
        self.assertEqual(settings("--port", "1", "--port", "2").port, 2)

    def test_a_wrong_variable_behind_a_right_word_is_not_read(self) -> None:
        self.assertEqual(settings("--port", "1", CHATROOM_PORT="x").port, 1)


class WrongValueTests(OptionsCase):
    """One sentence, which names the option or the variable and what was wrong with it."""

    def refused(self, option: str, *texts: str, empty: bool = True) -> None:
        for text in texts:
            self.assertIn(f"--{option} ", self.sentence(f"--{option}={text}") + " ")
            self.assertIn(variable(option), self.sentence(**{variable(option): text}))
        if empty:
            self.assertIn(f"--{option} ", self.sentence(f"--{option}="))

    def test_port(self) -> None:
        self.refused("port", "-1", "65536", "http", "3000.0", "3_000", "٣", "9" * 5000)
        self.assertEqual(
            self.sentence("--port", "http"), "--port must be a number from 0 to 65535, not 'http'"
        )
        self.assertEqual(
            self.sentence(CHATROOM_PORT="http"),
            "CHATROOM_PORT must be a number from 0 to 65535, not 'http'",
        )

    def test_numbers(self) -> None:
        self.refused("rate", "-1", "many")
        self.refused("max-text", "-1", "0", "4k")
        self.refused("max-frame", "-1", "0", "64K")
        self.refused("max-connections", "-1", "0", "all")
        self.refused("max-per-address", "-1", "few")

    def test_files(self) -> None:
        gone = str(self.folder / "gone.pem")
        self.refused("certificate", gone, str(self.folder))
        self.refused("key", gone, str(self.folder))
        below_a_file = str(self.folder / "a.pem" / "b.pem")
        self.refused("key", below_a_file)

    def test_certificate_and_key_need_each_other(self) -> None:
        expected = "--certificate and --key need each other"
        self.assertEqual(self.sentence("--certificate", self.certificate), expected)
        self.assertEqual(self.sentence("--key", self.key), expected)
        self.assertEqual(self.sentence(CHATROOM_KEY=self.key), expected)

    def test_a_certificate_would_not_be_used(self) -> None:
        """Better no start than plain http where https was meant."""
        words = ("--certificate", self.certificate, "--key", self.key, "--listen", "tcp:3000")
        self.assertIn("--certificate", self.sentence(*words))
        self.assertEqual(settings(*words, "--port", "3443").port, 3443)

    def test_folders(self) -> None:
        self.refused("data", self.certificate)
        self.refused("web", str(self.folder / "gone"), self.certificate, str(self.folder.parent))

    def test_listen(self) -> None:
        self.refused("listen", "3000", "tcp", "tcp:http", "tcp:1:shoe=2", "pigeon:1", "C:\\x")
        self.assertIn("/gone.pem", self.sentence("--listen", "ssl:443:privateKey=/gone.pem"))

    def test_allow_origin(self) -> None:
        self.refused(
            "allow-origin",
            "www.example.org",
            "https://www.example.org/",
            "https://www.example.org/chat",
            "https://www.example.org?a",
            "https://user@www.example.org",
            "https://*.example.org",
            "https://",
            "https://[::1",
            "https://[::zz]",
            "https://www..example.org",
            "https://www.example.org:65536",
            "https://www.example.org:x",
            "file://",
            "null",
            "**",
        )

    def test_public_url(self) -> None:
        self.refused(
            "public-url",
            "chat.example.org",
            "ftp://chat.example.org",
            "https://chat.example.org/room",
            "https://chat.example.org/?a",
            "https://",
            "https:///",
            "https://chat example.org",
        )

    def test_flags(self) -> None:
        for option in FLAGS:
            self.assertIn(variable(option), self.sentence(**{variable(option): "maybe"}))
            self.assertIn(option, self.sentence(f"--{option}=1"))

    def test_words_that_are_no_options(self) -> None:
        self.assertIn("--prot", self.sentence("--prot", "3000"))
        self.assertIn("-x", self.sentence("-x"))
        self.assertIn("--max", self.sentence("--max", "1"))
        self.assertIn("--port", self.sentence("--port"))
        self.assertEqual(self.sentence("3000"), "'3000' is not an option")


class HelpTests(OptionsCase):
    def test_every_option_is_explained(self) -> None:
        options = Options({})
        text = " ".join(str(options).split())
        fields = {field.replace("_", "-") for field in Settings.__dataclass_fields__}
        for name in fields - {"allow-origins"} | {"allow-origin"}:
            self.assertIn(f"--{name}", text)
        self.assertNotIn("None", text)

    def test_version(self) -> None:
        said = python("from chatroom.options import Options; Options().opt_version()")
        self.assertRegex(said.stdout, r"^chatroom [^\n]+\n$")
        self.assertEqual(said.returncode, 0)


class ImportTests(SynchronousTestCase):
    def test_neither_the_reactor_nor_autobahn(self) -> None:
        """Twisted imports this before it knows which reactor the operator wants."""
        program = (
            "import sys, chatroom.options\n"
            "print([m for m in sys.modules if m == 'twisted.internet.reactor' or 'autobahn' in m])"
        )
        said = python(program)
        self.assertEqual(said.stdout, "[]\n", said.stderr)


class StartTests(SynchronousTestCase):
    """A wrong value, as the operator sees it."""

    def check(self, program: str, *words: str) -> None:
        said = python(program, *words, "chatroom", "--port", "http")
        self.assertEqual(
            said.stderr, "chatroom: --port must be a number from 0 to 65535, not 'http'\n"
        )
        self.assertEqual(said.stdout, "")
        self.assertEqual(said.returncode, 1)

    def test_twistd(self) -> None:
        self.check("from twisted.scripts.twistd import run; run()", "-n")

    def test_twist(self) -> None:
        self.check("from twisted.application.twist._twist import Twist; Twist.main()")
