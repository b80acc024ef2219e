"""Refusals: what a client is told when it may not have what it asks."""

from chatroom.core.events import Error


class Refused(Exception):
    """A command is refused with a code of the protocol and a sentence that a person can act on.

    `retry_after` is in seconds and goes with `too_fast` alone. With `forbidden` goes `why`, a word
    for programs, and with that `until`, in ms since 1970, and a moderator's `reason`. `ref` and
    `id` are those of the command, where it could not be made of what came.
    """

    def __init__(
        self,
        code: str,
        message: str,
        retry_after: float | None = None,
        ref: str | None = None,
        id: str | None = None,
        why: str | None = None,
        until: int | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.ref = ref
        self.id = id
        self.why = why
        self.until = until
        self.reason = reason

    def told(self, ref: str | None = None, id: str | None = None) -> Error:
        """Give the event that tells the client; `ref` and `id` are those of its command."""
        return Error(
            code=self.code,
            message=self.message,
            retry_after=self.retry_after,
            why=self.why,
            until=self.until,
            reason=self.reason,
            ref=self.ref if ref is None else ref,
            id=self.id if id is None else id,
        )


def no_such_room() -> Refused:
    """Nobody was ever in a room of this name."""
    return Refused("no_such_room", "There is no such room; join it to make it.")


def nothing_there() -> Refused:
    """What is at an address, for who is not in it: the same whether there is a room or not."""
    return Refused("no_such_room", "There is no such room, or it is not for you.")


def unavailable() -> Refused:
    """Storage cannot take or give this now."""
    return Refused("unavailable", "The room cannot store or read messages right now; try again.")
