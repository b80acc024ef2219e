"""`python -m chatroom`: the server in the foreground, on every system that Twisted runs on."""

import sys
import webbrowser

from twisted.internet import reactor
from twisted.logger import globalLogBeginner, textFileLogObserver

from chatroom.operator import command_line
from chatroom.options import Options
from chatroom.service import makeService


class ForegroundOptions(Options):
    """The options of `twistd chatroom`, and one for a person at this machine."""

    synopsis = (
        "Usage: python -m chatroom [options]\n"
        f"       python -m chatroom {'|'.join(command_line.COMMANDS)} --help"
    )
    optFlags = [["open", None, "Open the page in the browser."]]


def main() -> None:
    """Run until a signal says stop, or do what the operator asks of the data."""
    if sys.argv[1:2] and sys.argv[1] in command_line.COMMANDS:
        command_line.main(sys.argv[1:])
        return
    options = ForegroundOptions()
    options.parseOptions(sys.argv[1:])
    globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)], redirectStandardIO=False)
    service = makeService(options)
    service.startService()
    reactor.addSystemEventTrigger("before", "shutdown", service.stopService)
    if options["open"]:
        reactor.callWhenRunning(webbrowser.open, service.page)
    reactor.run()


if __name__ == "__main__":
    main()
