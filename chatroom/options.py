"""What the operator may set, on the command line or in the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from ipaddress import IPv6Address
from pathlib import Path
from typing import NoReturn, TypeVar

from twisted.internet.endpoints import serverFromString
from twisted.python import usage

T = TypeVar("T")

EVERYBODY, HOSTS = "everybody", "hosts"
"""Who may make rooms."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the operator has set, checked."""

    data: Path
    port: int | None = 3000
    listen: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    public_url: str | None = None
    web: Path | None = None
    allow_origins: tuple[str, ...] = ()
    trust_proxy: bool = False
    rate: int = 30
    max_text: int = 4000
    max_frame: int = 65536
    max_connections: int | None = None
    max_per_address: int = 0
    ping_interval: int = 25
    ping_timeout: int = 20
    log_messages: bool = False
    make_rooms: str = EVERYBODY


# usage itself knows no defaults, so that what was not given can be told.
_HELP = {
    "port": f"Serve the page and the chat on this port. [default: {Settings.port}]",
    "certificate": "Serve https and wss on --port: the certificate chain, a PEM file.",
    "key": "The certificate's private key, a PEM file.",
    "public-url": "The address people enter by, such as https://chat.example.org.",
    "data": "Folder for all that is stored. [default: ./chatroom-data]",
    "web": "Serve the page in this folder instead of our own.",
    "rate": f"Messages a user may send in 10 s; 0 is no limit. [default: {Settings.rate}]",
    "max-text": f"Characters in a message. [default: {Settings.max_text}]",
    "max-frame": f"Bytes in what a client sends at once. [default: {Settings.max_frame}]",
    "max-connections": "Connections in all. [default: what the limit on open files carries]",
    "max-per-address": "Connections from one address; 0 is no limit. "
    f"[default: {Settings.max_per_address}]",
    "make-rooms": f"Who makes rooms, {EVERYBODY} or {HOSTS}: who own the server. "
    f"[default: {Settings.make_rooms}]",
    "ping-interval": "Seconds between two questions for a client's sign of life. "
    f"[default: {Settings.ping_interval}]",
    "ping-timeout": f"Seconds for the answer to it. [default: {Settings.ping_timeout}]",
}


class Options(usage.Options):
    """The options of `twistd chatroom`; once they are parsed, `settings` holds them."""

    synopsis = "[options]"
    longdesc = (
        "Each option can also be set in the environment: --max-text 500 by CHATROOM_MAX_TEXT=500, "
        "--trust-proxy by CHATROOM_TRUST_PROXY=1, what is repeatable by values with spaces "
        "between them. The command line wins."
    )
    optParameters = [[option, None, None, text] for option, text in _HELP.items()]
    optFlags = [
        ["trust-proxy", None, "Believe the proxy in front of us who a client is."],
        ["log-messages", None, "Write the texts of messages to the log."],
    ]

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        super().__init__()
        self._environment = environment
        self["listen"] = []
        self["allow-origin"] = []
        self.settings: Settings

    def opt_listen(self, endpoint: str) -> None:
        """Serve here instead of on --port, such as unix:/run/chat.socket. Repeatable."""
        self["listen"].append(endpoint)

    def opt_allow_origin(self, origin: str) -> None:
        """Let in pages of this site, such as https://www.example.org; * is all. Repeatable."""
        self["allow-origin"].append(origin)

    def opt_version(self) -> NoReturn:
        """Display the version and exit."""
        try:
            version = metadata.version("chatroom")
        except metadata.PackageNotFoundError:
            version = "(a checkout, not installed)"
        print("chatroom", version)  # noqa: T201
        raise SystemExit

    def parseOptions(self, options: list[str] | None = None) -> None:
        """Stop the start with one sentence if anything is wrong."""
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            # Left to twistd, it would end a whole page of help.
            raise SystemExit(f"chatroom: {error}") from None

    def parseArgs(self, *words: str) -> None:
        if words:
            raise usage.UsageError(f"{words[0]!r} is not an option")

    def postOptions(self) -> None:
        listen = self._several("listen", _endpoint)
        self.settings = Settings(
            data=self._one("data", _data_folder, _path("chatroom-data")),
            port=self._one("port", _port, None if listen else Settings.port),
            listen=listen,
            certificate=self._one("certificate", _file, None),
            key=self._one("key", _file, None),
            public_url=self._one("public-url", _public_url, None),
            web=self._one("web", _page_folder, None),
            allow_origins=self._several("allow-origin", _origin),
            trust_proxy=self._flag("trust-proxy"),
            rate=self._one("rate", _number_from(0), Settings.rate),
            max_text=self._one("max-text", _number_from(1), Settings.max_text),
            max_frame=self._one("max-frame", _number_from(1), Settings.max_frame),
            max_connections=self._one("max-connections", _number_from(1), None),
            max_per_address=self._one("max-per-address", _number_from(0), Settings.max_per_address),
            ping_interval=self._one("ping-interval", _number_from(1), Settings.ping_interval),
            ping_timeout=self._one("ping-timeout", _number_from(1), Settings.ping_timeout),
            make_rooms=self._one("make-rooms", _who, Settings.make_rooms),
            log_messages=self._flag("log-messages"),
        )
        if bool(self.settings.certificate) != bool(self.settings.key):
            raise usage.UsageError("--certificate and --key need each other")
        if self.settings.certificate and self.settings.port is None:
            raise usage.UsageError("--certificate serves --port, and beside --listen there is none")

    def _one(self, option: str, read: Callable[[str], T], default: T) -> T:
        if self[option] is not None:
            return _read(f"--{option}", self[option], read)
        variable, text = self._from_environment(option)
        return _read(variable, text, read) if text else default

    def _several(self, option: str, read: Callable[[str], T]) -> tuple[T, ...]:
        if self[option]:
            return tuple(_read(f"--{option}", text, read) for text in self[option])
        variable, texts = self._from_environment(option)
        return tuple(_read(variable, text, read) for text in texts.split())

    def _flag(self, option: str) -> bool:
        variable, text = self._from_environment(option)
        return bool(self[option] or (text and _read(variable, text, _yes_or_no)))

    def _from_environment(self, option: str) -> tuple[str, str]:
        variable = "CHATROOM_" + option.upper().replace("-", "_")
        return variable, self._environment.get(variable, "").strip()


def _read(source: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as problem:
        raise usage.UsageError(f"{source} {problem}") from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise ValueError(f"must be a number from 0 to 65535, not {text!r}")
    return int(text)


def _number_from(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or int(text) < least:
            raise ValueError(f"must be a whole number, {least} or more, not {text!r}")
        return int(text)

    return number


def _who(text: str) -> str:
    if text not in (EVERYBODY, HOSTS):
        raise ValueError(f"must be {EVERYBODY} or {HOSTS}, not {text!r}")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("1", "true", "yes", "0", "false", "no"):
        raise ValueError(f"must be 1 or 0, true or false, yes or no, not {text!r}")
    return text.lower() in ("1", "true", "yes")


def _path(text: str) -> Path:
    """Absolute, since twistd changes its folder when it detaches."""
    return Path(os.path.abspath(os.path.expanduser(text)))


def _file(text: str) -> Path:
    path = _path(text)
    # Path.is_file() raises where a folder on the way may not be entered.
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise ValueError(f"needs a file that can be read, not {text!r}")
    return path


def _data_folder(text: str) -> Path:
    path = _path(text)
    if not text or (os.path.lexists(path) and not os.path.isdir(path)):
        raise ValueError(f"needs a folder, not {text!r}")
    return path


def _page_folder(text: str) -> Path:
    path = _path(text)
    if not os.path.isfile(path / "index.html"):
        raise ValueError(f"needs a folder with an index.html, not {text!r}")
    return path


def _endpoint(text: str) -> str:
    try:
        # Endpoints keep the reactor for later; nothing is opened to listen.
        serverFromString(None, text)
    except Exception as problem:
        reason = f" ({problem})" if isinstance(problem, OSError) else ""
        raise ValueError(
            f"needs an endpoint such as tcp:3000 or unix:/run/chat.socket, not {text!r}{reason}"
        ) from None
    return text


def _origin(text: str) -> str:
    """As browsers send it: in lower case and punycode, without the scheme's own port; or `*`."""
    if text == "*":
        return text
    parts = re.fullmatch(
        r"([a-z][a-z0-9+.-]*)://(\[[0-9a-f:.]+\]|[\w.-]+)(?::([0-9]{1,5}))?", text.lower()
    )
    try:
        if not parts:
            raise ValueError
        scheme, host, port = parts.groups()
        if host.startswith("["):
            host = f"[{IPv6Address(host[1:-1])}]"
        else:
            host = host.encode("idna").decode()
        if port and _port(port) != {"http": 80, "https": 443}.get(scheme):
            host += f":{int(port)}"
    except ValueError:
        raise ValueError(
            f"must be a scheme and a host, such as https://chat.example.org, not {text!r}"
        ) from None
    return f"{scheme}://{host}"


def _public_url(text: str) -> str:
    # The page asks for its parts by paths from the root, so it cannot live below one.
    if not re.match("https?://", text, re.IGNORECASE):
        raise ValueError(f"must begin with http:// or https://, not {text!r}")
    return _origin(text.removesuffix("/"))
