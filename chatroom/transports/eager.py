"""A TCP connection that sends at once what it can, and buffers only the rest."""

from twisted.internet import tcp


class EagerServer(tcp.Server):
    """Twisted's own only buffers in `write`, and sends a turn of the reactor later.

    That costs two more system calls, to ask the kernel for the turn and to ask no more. This lies
    below TLS, which writes to it, too.
    """

    def write(self, data: bytes) -> None:
        """Send, or keep for later what the kernel does not take now.

        Never raises or closes: an error of the socket's is met again in the reactor's next turn,
        where closing is in nobody's way.
        """
        if data and self._may_send():
            sent = self.writeSomeData(data)
            if isinstance(sent, int):
                if sent == len(data):
                    return
                data = data[sent:]
        super().write(data)

    def _may_send(self) -> bool:
        """Whether nothing goes before, and nobody waits for the buffer to be empty again."""
        return not (
            self._tempDataBuffer
            or self.dataBuffer
            or not self.connected
            or self.disconnecting
            or self._writeDisconnecting
            or self._writeDisconnected
            or self._aborting
            or self.TLS
            # A pull producer is asked for more by the turn that empties the buffer.
            or (self.producer is not None and not self.streamingProducer)
        )
