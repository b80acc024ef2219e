"""HTTP as bytes: requests to send, and what is answered read by hand."""

from typing import NamedTuple

from tests.memory import KEY

HANDSHAKE = {
    b"Host": b"chat.test",
    b"Upgrade": b"websocket",
    b"Connection": b"Upgrade",
    b"Sec-WebSocket-Key": KEY.encode(),
    b"Sec-WebSocket-Version": b"13",
}


class Answer(NamedTuple):
    """One answer; the names of its headers are in lower case."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the one header of this name."""
        values = self.headers.get(name.lower(), [None])
        if len(values) > 1:
            raise AssertionError(f"{name} is there {len(values)} times")
        return values[0]


def request(
    path: str | bytes, *lines: bytes, method: bytes = b"GET", version: bytes = b"HTTP/1.1"
) -> bytes:
    """A request with a `Host` and these further lines."""
    path = path.encode() if isinstance(path, str) else path
    first = b" ".join([method, path, version])
    return b"\r\n".join([first, b"Host: chat.test", *lines, b"", b""])


def handshake(
    path: str | bytes = b"/ws",
    *lines: bytes,
    method: bytes = b"GET",
    version: bytes = b"HTTP/1.1",
    **changed: bytes | None,
) -> bytes:
    """An opening handshake: `Host=None` leaves a header out, other values replace its own."""
    path = path.encode() if isinstance(path, str) else path
    replaced = {name.replace("_", "-").encode(): value for name, value in changed.items()}
    headers = HANDSHAKE | replaced
    shown = [name + b": " + value for name, value in headers.items() if value is not None]
    return b"\r\n".join([b" ".join([method, path, version]), *shown, *lines, b"", b""])


def read(data: bytes, bodies: bool = True) -> list[Answer]:
    """All answers in these bytes; `bodies` is false for answers to HEAD."""
    answers = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        if not end:
            raise AssertionError(f"half an answer: {head!r}")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        if bodies and headers.get("transfer-encoding") == ["chunked"]:
            body, data = _unchunked(data)
            answers.append(Answer(int(first.split()[1]), headers, body))
            continue
        size = int(headers.get("content-length", ["0"])[0]) if bodies else 0
        answers.append(Answer(int(first.split()[1]), headers, data[:size]))
        data = data[size:]
    return answers


def _unchunked(data: bytes) -> tuple[bytes, bytes]:
    """Give a body that came in chunks, and what is behind its last one."""
    body = b""
    while True:
        size, end, data = data.partition(b"\r\n")
        if not end:
            raise AssertionError("the last chunk is missing")
        length = int(size, 16)
        body += data[:length]
        if data[length : length + 2] != b"\r\n":
            raise AssertionError("half a chunk")
        data = data[length + 2 :]
        if not length:
            return body, data
