"""Where the server listens, and how many connections this machine carries."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

from twisted.internet import tcp
from twisted.internet.endpoints import SSL4ServerEndpoint, TCP4ServerEndpoint, serverFromString
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReactorTCP,
    IStreamServerEndpoint,
)
from twisted.internet.ssl import Certificate, CertificateOptions, PrivateCertificate
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from chatroom.options import Settings
from chatroom.transports.eager import EagerServer
from chatroom.transports.tls import FleetingTls

# A class that comes in at once stands in the kernel's queue, not before a closed door.
BACKLOG = 1024
# Descriptors that are no client's: files, threads, the log, and one to refuse with.
RESERVE = 64
MOST_DESCRIPTORS = 1 << 20
SELECT_CARRIES = 400


class CannotListen(Exception):
    """Says in one sentence why the server cannot listen."""


def endpoints(settings: Settings, reactor: IReactorTCP) -> Iterator[IStreamServerEndpoint]:
    """Give an endpoint for the port, if there is one, and for each that the operator named.

    Raises `CannotListen` for a certificate that cannot be used.
    """
    if settings.port is not None:
        if settings.certificate is None or settings.key is None:
            yield TCP4ServerEndpoint(reactor, settings.port, backlog=BACKLOG)
        else:
            options = certificate_options(settings.certificate, settings.key)
            yield SSL4ServerEndpoint(reactor, settings.port, options, backlog=BACKLOG)
    for description in settings.listen:
        yield serverFromString(reactor, description)


def certificate_options(certificate: Path, key: Path) -> CertificateOptions:
    """Read a certificate, with the chain behind it, and its key; raises `CannotListen`."""
    try:
        pem = certificate.read_bytes()
        found = re.findall(
            b"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", pem, re.DOTALL
        )
        own = PrivateCertificate.loadPEM(found[0] + b"\n" + key.read_bytes())
        chain = [Certificate.loadPEM(each).original for each in found[1:]]
        options = CertificateOptions(
            privateKey=own.privateKey.original, certificate=own.original, extraCertChain=chain
        )
        # The key is matched with the certificate only here.
        options.getContext()
    except Exception:
        # OpenSSL's errors say nothing to a person.
        raise CannotListen(f"{certificate} and {key} are no certificate with its key.") from None
    return options


def free_port(settings: Settings) -> int | None:
    """Give the port to listen on, a free one for 0; opens nothing that stays open.

    Raises `CannotListen` when it is taken, so that this is told before twistd detaches.
    """
    if settings.port is None:
        return None
    with socket.socket() as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", settings.port))
            # Two may bind with SO_REUSEADDR; only one may listen.
            probe.listen(1)
        except OSError as error:
            raise cannot_listen(f"port {settings.port}", error) from None
        port: int = probe.getsockname()[1]
        return port


def listen(endpoint: IStreamServerEndpoint, factory: IProtocolFactory) -> IListeningPort:
    """Listen there, at once; raises `CannotListen`. Every endpoint of Twisted's answers at once."""
    ports: list[IListeningPort] = []
    failures: list[Failure] = []
    endpoint.listen(factory).addCallbacks(ports.append, failures.append)
    if failures:
        raise cannot_listen("this address", failures[0].value)
    # `unix.Port` is one of `tcp.Port`, with connections of its own.
    if getattr(ports[0], "transport", None) is tcp.Server:
        ports[0].transport = EagerServer  # type: ignore[attr-defined]
    if isinstance(getattr(ports[0], "factory", None), TLSMemoryBIOFactory):
        ports[0].factory.protocol = FleetingTls  # type: ignore[attr-defined]
    return ports[0]


def cannot_listen(where: str, error: BaseException | None) -> CannotListen:
    """Say why nobody can be let in there."""
    reason = getattr(error, "socketError", error)
    text = getattr(reason, "strerror", None) or str(reason)
    return CannotListen(f"cannot listen on {where}: {text}; choose another with --port.")


def connections_carried(reactor: object) -> int:
    """Raise the soft limit on descriptors, and give how many clients fit below it."""
    if type(reactor).__name__ == "SelectReactor":
        return SELECT_CARRIES
    try:
        import resource
    except ImportError:  # Windows, whose other reactor has no such limit
        return MOST_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        soft = max(soft, wanted)
    except (ValueError, OSError):  # macOS refuses more than its own, unnamed limit
        pass
    return max(soft - RESERVE, 1)
