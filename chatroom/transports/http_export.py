"""A room as a file, for whoever may read it."""

from datetime import UTC, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from chatroom.core.errors import Refused
from chatroom.core.exporting import Export, Exporting
from chatroom.export.filenames import file_name
from chatroom.export.formats import FORMATS, Format
from chatroom.export.html import POLICY
from chatroom.export.words import LANGUAGES
from chatroom.export.writer import Head, Writer
from chatroom.transports.download import Download, Gone
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.http_changes import path_of
from chatroom.transports.stalled import Stalled

PLAIN = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is beside letters and digits."""


class Exports(Endpoint):
    """Sends rooms as files, each as fast as its client takes it."""

    _log = Logger()

    def __init__(self, terms: Terms, exporting: Exporting, stalled: Stalled) -> None:
        super().__init__(terms)
        self._exporting = exporting
        self._stalled = stalled
        self._running: set[Download] = set()

    async def get(self, call: Call) -> None:
        """Begin to send the file."""
        format = FORMATS.get(call.visitor.asked("format") or "html")
        if format is None:
            raise Refused("bad_field", f"`format` is one of {', '.join(FORMATS)}.")
        language = _language(call)
        room = path_of(call)[1]
        export = await self._exporting.begin(call.user, call.origin, room)
        if call.request.is_lost:
            export.close()
            return
        file = export.file
        head = Head(
            room=file.room,
            title=file.title,
            topic=file.topic,
            exported_at=file.at,
            epoch=file.epoch,
            seq=file.seq,
            language=language,
            zone=_zone(call),
        )
        _describe(call, head, format)
        if call.request.method == b"HEAD":
            export.close()
            call.request.finish()
            return
        sending = Deferred.fromCoroutine(self._send(call, export, format.write(head)))
        sending.addErrback(lambda failure: self._log.failure("an export failed", failure))

    async def _send(self, call: Call, export: Export, writer: Writer) -> None:
        download = Download(call.request, self._stalled)
        self._running.add(download)
        try:
            await download.write(writer.begin())
            while messages := await export.page():
                await download.write(b"".join(map(writer.message, messages)))
            await download.write(writer.end())
            download.finish()
        except Gone:
            pass
        except Refused:
            # May not read it any more, or storage is away.
            download.abort()
        except Exception:
            download.abort()
            raise
        finally:
            self._running.discard(download)
            export.close()

    def close(self) -> None:
        """Break all of them off: the server stops."""
        for download in list(self._running):
            download.abort()


def _language(call: Call) -> str:
    asked = call.visitor.asked("lang")
    if asked is None:
        header = call.request.getHeader(b"accept-language") or b""
        return "zh" if header.lower().startswith(b"zh") else "en"
    if asked not in LANGUAGES:
        raise Refused("bad_field", f"`lang` is one of {', '.join(LANGUAGES)}.")
    return asked


def _zone(call: Call) -> tzinfo:
    try:
        return ZoneInfo(call.visitor.asked("zone") or "UTC")
    except (KeyError, ValueError, OSError):
        # Not every system knows every zone; the file says which one it goes by.
        return UTC


def _describe(call: Call, head: Head, format: Format) -> None:
    name = f"{file_name(head.title)} {head.moment(head.exported_at):%Y-%m-%d}{format.ending}"
    plain = "".join(each if each.isascii() and each not in "%;" else "_" for each in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, PLAIN)}"
    request = call.request
    request.setHeader(b"Content-Type", format.media.encode())
    request.setHeader(b"Content-Disposition", disposition.encode())
    # Should a browser show it in place all the same.
    request.setHeader(b"Content-Security-Policy", f"{POLICY}; sandbox".encode())
    # A proxy that gathers it first would make a phone wait for the first byte.
    request.setHeader(b"X-Accel-Buffering", b"no")
