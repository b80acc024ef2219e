"""Many clients in one thread, on plain sockets and epoll, that must be faster than the server."""

from collections.abc import Iterable
from select import EPOLLIN, EPOLLOUT, epoll

from benchmarks import marks
from benchmarks.client import Client, Plan
from benchmarks.dialects import answers, upgrade

CHUNK = 256 * 1024
"""Bytes read at once."""
AT_ONCE = 200
"""So many connections are opened at a time."""
PATIENCE = 120_000_000
"""For all of them to be in, in µs."""
EVENTS = 256
"""So many sockets are read before what came in is answered."""


class Refused(Exception):
    """A server lets nobody in, or no more."""


class Crowd:
    """The clients of one server, in its rooms in blocks of the same size."""

    def __init__(self, plan: Plan, path: str = "") -> None:
        self.plan = plan
        self._path = path
        self.clients: list[Client] = []
        self.delays: list[int] = []
        self.expected: dict[str, int] = {}
        self.closed = 0
        self.echoes: list[Client] = []
        """Senders who heard texts of their own in the last turn."""
        self._poll = epoll()
        self._by_fd: dict[int, Client] = {}
        self._arriving: set[int] = set()
        self._buffer = bytearray(marks.TAIL + CHUNK)
        self._free = memoryview(self._buffer)[marks.TAIL :]

    def connect(self, keep: bool = False) -> float:
        """Open all connections; give the seconds until everybody is in. Raises `Refused`."""
        began = marks.now()
        plan = self.plan
        while len(self.clients) < plan.clients or self._arriving:
            while len(self.clients) < plan.clients and len(self._arriving) < AT_ONCE:
                self._open(len(self.clients), keep)
            self.turn(0.1)
            if marks.now() - began > PATIENCE:
                raise Refused(f"{len(self._arriving)} of {plan.clients} clients were not let in")
        return (marks.now() - began) / 1e6

    def _open(self, number: int, keep: bool) -> None:
        plan = self.plan
        room = f"room{number * plan.rooms // plan.clients}" if plan.rooms > 1 else "lobby"
        try:
            client = Client(number, room)
        except OSError as error:
            raise Refused(f"no {plan.clients} sockets: {error.strerror}; see ulimit -n") from None
        if keep:
            client.kept = bytearray()
        client.socket.connect_ex(("127.0.0.1", plan.port))
        self.clients.append(client)
        self._by_fd[client.fd] = client
        self._arriving.add(client.fd)
        self._poll.register(client.fd, EPOLLOUT)

    def turn(self, timeout: float) -> None:
        """Read what has come, or wait for it so many seconds."""
        buffer, free, by_fd, arriving = self._buffer, self._free, self._by_fd, self._arriving
        tail, ping = marks.TAIL, self.plan.dialect.ping
        ping_begins, from_ping = ping.begins, tail - ping.length + 1
        for fd, event in self._poll.poll(timeout, EVENTS):
            client = by_fd[fd]
            if fd in arriving:
                self._arrive(client, event)
                continue
            buffer[:tail] = client.tail
            try:
                count = client.socket.recv_into(free)
            except OSError:
                count = 0
            if not count:
                self._gone(client)
                continue
            end = tail + count
            client.heard += marks.count(buffer, end)
            if client.tag and (own := marks.count_own(buffer, end, client.tag)):
                client.own += own
                self.echoes.append(client)
            if client.watched:
                self.delays += marks.delays(buffer, end)
            if client.kept is not None:
                client.kept += buffer[tail:end]
            if buffer.find(ping_begins, from_ping, end) >= 0:
                for answer in answers(bytes(buffer[from_ping:end]), ping):
                    self._send(client, answer)
            client.tail = bytes(buffer[count:end])

    def _arrive(self, client: Client, event: int) -> None:
        plan = self.plan
        try:
            if event & EPOLLOUT:
                path = self._path or plan.dialect.path(client.room)
                client.socket.sendall(upgrade(plan.port, path))
                self._poll.modify(client.fd, EPOLLIN)
                return
            came = client.socket.recv(CHUNK)
        except OSError as error:
            raise Refused(f"a client was not let in: {error.strerror}") from None
        client.came += came
        head = client.came[:12]
        if not came or head != b"HTTP/1.1 101"[: len(head)]:
            raise Refused(f"a client was not let in: {client.came[:80]!r}")
        while client.step < len(plan.dialect.steps):
            sign, answer = plan.dialect.steps[client.step]
            if sign not in client.came:
                return
            client.step += 1
            if answer:
                client.socket.sendall(answer)
        self._arriving.remove(client.fd)
        client.heard = client.came.count(marks.MARK)
        client.tail = client.came[-marks.TAIL :].rjust(marks.TAIL, b"\0")
        if client.kept is not None:
            client.kept += client.came

    def _send(self, client: Client, frame: bytes) -> None:
        # A frame is so small that it is taken whole; whose are not taken any more counts as closed.
        try:
            client.socket.send(frame)
        except OSError:
            self._gone(client)

    def _gone(self, client: Client) -> None:
        self.closed += 1
        self._drop(client)

    def _drop(self, client: Client) -> None:
        del self._by_fd[client.fd]
        client.socket.close()

    def say(self, client: Client) -> None:
        """Say something in a client's room, as one frame of its own, unless it was closed."""
        if client.fd not in self._by_fd:
            return
        client.said += 1
        text = marks.text_of(client.number, client.said, self.plan.size)
        id = f"{client.number}-{client.said}"
        self._send(client, self.plan.dialect.say(client.room, id, text))
        self.expected[client.room] = self.expected.get(client.room, 0) + 1

    def leave(self, clients: Iterable[Client]) -> None:
        """Close connections without a word."""
        for client in clients:
            if client.fd in self._by_fd:
                self._drop(client)

    @property
    def heard(self) -> int:
        """All deliveries."""
        return sum(client.heard for client in self.clients)

    @property
    def missing(self) -> int:
        """Deliveries that are not there, or are there too often."""
        expected = self.expected
        return sum(abs(expected.get(each.room, 0) - each.heard) for each in self.clients)
