"""Where the server listens: ports, certificates, endpoints, and how many connections it carries."""

import socket
import tempfile
from contextlib import closing
from pathlib import Path

from twisted.internet import reactor, tcp, unix
from twisted.internet.endpoints import SSL4ServerEndpoint, TCP4ServerEndpoint, serverFromString
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase, TestCase

from chatroom import listening
from chatroom.listening import CannotListen
from chatroom.options import Settings
from chatroom.transports.eager import EagerServer
from chatroom.transports.tls import FleetingTls
from tests.end_to_end.certificates import make_certificate

DATA = Path("/srv/chatroom-data")


class FreePortTests(SynchronousTestCase):
    def test_0_becomes_a_port_that_is_free(self) -> None:
        port = listening.free_port(Settings(data=DATA, port=0))
        with closing(socket.socket()) as again:
            again.bind(("127.0.0.1", port))
            self.assertGreater(again.getsockname()[1], 0)

    def test_a_port_that_another_listens_on(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            problem = self.assertRaises(
                CannotListen, listening.free_port, Settings(data=DATA, port=port)
            )
        self.assertEqual(
            str(problem),
            f"cannot listen on port {port}: Address already in use; choose another with --port.",
        )

    def test_a_port_just_left_is_free(self) -> None:
        """Connections that ended a moment ago keep it for minutes unless that is said."""
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            with closing(socket.create_connection(("127.0.0.1", port))) as client:
                # Who closes first is left in TIME_WAIT.
                other.accept()[0].close()
                client.recv(1)
        self.assertEqual(listening.free_port(Settings(data=DATA, port=port)), port)

    def test_no_port_beside_listen(self) -> None:
        self.assertIsNone(
            listening.free_port(Settings(data=DATA, port=None, listen=("unix:chat.socket",)))
        )


class EndpointsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.descriptions: list[str] = []

        def noting(reactor: object, description: str) -> object:
            self.descriptions.append(description)
            return serverFromString(reactor, description)

        self.patch(listening, "serverFromString", noting)

    def endpoints(self, **options: object) -> list[type]:
        settings = Settings(data=DATA, **options)
        return [type(each) for each in listening.endpoints(settings, reactor)]

    def test_a_port(self) -> None:
        self.assertEqual(self.endpoints(port=0), [TCP4ServerEndpoint])

    def test_what_the_operator_named(self) -> None:
        self.assertEqual(len(self.endpoints(port=None, listen=("tcp:0", "unix:a"))), 2)
        self.assertEqual(self.descriptions, ["tcp:0", "unix:a"])

    def test_a_certificate_whose_path_is_of_windows(self) -> None:
        r"""In an endpoint the colon of C:\chat\a.pem would end it and the backslashes escape."""
        certificate, key = (
            path.rename(path.with_name(f"C:\\chat\\{path.name}"))
            for path in make_certificate(self.folder)
        )
        self.assertEqual(
            self.endpoints(port=0, certificate=certificate, key=key), [SSL4ServerEndpoint]
        )
        self.assertEqual(self.descriptions, [])

    def test_the_chain_behind_the_certificate_is_shown(self) -> None:
        certificate, key = make_certificate(self.folder)
        (other := self.folder / "other").mkdir()
        chain, _ = make_certificate(other)
        certificate.write_bytes(certificate.read_bytes() + chain.read_bytes())
        options = listening.certificate_options(certificate, key)
        self.assertEqual(len(options.extraCertChain), 1)

    def test_files_that_are_no_certificate_with_its_key(self) -> None:
        certificate, key = make_certificate(self.folder)
        (other := self.folder / "other").mkdir()
        _, other_key = make_certificate(other)
        garbage = self.folder / "garbage"
        garbage.write_text("garbage")
        for pair in (
            (certificate, other_key),
            (certificate, garbage),
            (garbage, key),
            (key, certificate),
            (certificate, self.folder / "missing"),
        ):
            problem = self.assertRaises(CannotListen, listening.certificate_options, *pair)
            self.assertEqual(
                str(problem), f"{pair[0]} and {pair[1]} are no certificate with its key."
            )


class ListenTests(SynchronousTestCase):
    def test_an_address_in_use(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            endpoint = TCP4ServerEndpoint(reactor, other.getsockname()[1])
            problem = self.assertRaises(CannotListen, listening.listen, endpoint, Factory())
        self.assertIn("Address already in use", str(problem))

    def test_a_folder_that_is_missing(self) -> None:
        endpoint = serverFromString(reactor, "unix:missing/chat.socket")
        problem = self.assertRaises(CannotListen, listening.listen, endpoint, Factory())
        self.assertRegex(str(problem), "^cannot listen on this address: [^\n]+; ")


class ConnectionTests(TestCase):
    """What a port makes of those who come."""

    def port(self, description: str) -> tcp.Port:
        port = listening.listen(serverFromString(reactor, description), Factory())
        self.addCleanup(port.stopListening)
        return port

    def test_they_send_at_once_and_tls_leaves_nothing_behind(self) -> None:
        certificate, key = make_certificate(Path(self.mktemp_folder()))
        plain = self.port("tcp:0:interface=127.0.0.1")
        secure = self.port(f"ssl:0:interface=127.0.0.1:privateKey={key}:certKey={certificate}")
        self.assertEqual([each.transport for each in (plain, secure)], [EagerServer] * 2)
        self.assertIs(secure.factory.protocol, FleetingTls)

    def test_a_unix_socket_has_its_own(self) -> None:
        # A path of a test's is too long for one.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.assertIs(self.port(f"unix:{folder.name}/chat").transport, unix.Server)

    def mktemp_folder(self) -> str:
        folder: str = self.mktemp()
        Path(folder).mkdir()
        return folder


class ConnectionsCarriedTests(SynchronousTestCase):
    def limit(self, soft: int, hard: int, raisable: bool = True) -> list[tuple[int, int]]:
        import resource

        def setrlimit(which: int, limits: tuple[int, int]) -> None:
            if not raisable:
                raise ValueError("not allowed to raise maximum limit")
            asked.append(limits)

        asked: list[tuple[int, int]] = []
        self.patch(resource, "getrlimit", lambda which: (soft, hard))
        self.patch(resource, "setrlimit", setrlimit)
        return asked

    def test_the_soft_limit_is_raised_and_some_are_kept_back(self) -> None:
        asked = self.limit(1024, 4096)
        self.assertEqual(listening.connections_carried(object()), 4096 - listening.RESERVE)
        self.assertEqual(asked, [(4096, 4096)])

    def test_a_limit_that_cannot_be_raised(self) -> None:
        self.limit(1024, 4096, raisable=False)
        self.assertEqual(listening.connections_carried(object()), 1024 - listening.RESERVE)

    def test_there_is_room_for_one_at_the_least(self) -> None:
        self.limit(16, 16)
        self.assertEqual(listening.connections_carried(object()), 1)

    def test_select_carries_less_than_there_are_descriptors(self) -> None:
        class SelectReactor:
            pass

        asked = self.limit(1 << 19, 1 << 20)
        self.assertLess(listening.connections_carried(SelectReactor()), 512)
        self.assertEqual(asked, [])
