"""Storage that fails a thousand times a second is told once, and once more when it is back."""

from twisted.logger import Logger


class Outage:
    """Whether something (`what`, "Writing" say) is out of order, and the log's word on it."""

    _log = Logger()

    def __init__(self, what: str) -> None:
        self._what = what
        self._lasts = False

    def goes_on(self, error: Exception) -> None:
        """It failed with `error`."""
        if not self._lasts:
            self._lasts = True
            self._log.warn("{what} fails: {error}", what=self._what, error=error)

    def is_over(self) -> None:
        """It worked."""
        if self._lasts:
            self._lasts = False
            self._log.info("{what} works again", what=self._what)
