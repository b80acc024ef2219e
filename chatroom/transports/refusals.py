"""Refusals over HTTP: the `error` event as the body, with the status that fits it."""

import math

from chatroom.core.errors import Refused
from chatroom.core.events import Error
from chatroom.transports.admission import Denied

# Of the codes that are not here the status is 400.
STATUS = {
    "forbidden": 403,
    "no_such_room": 404,
    "no_such_message": 404,
    "nick_taken": 409,
    "too_long": 413,
    "too_fast": 429,
    "too_many": 429,
    "unavailable": 503,
}
# The code of what is denied before anything is known of what was asked.
CODES = {
    403: "forbidden",
    404: "unknown_type",
    405: "unknown_type",
    413: "too_long",
    429: "too_many",
    500: "unavailable",
    503: "unavailable",
}
# Seconds, where the refusal itself names none.
RETRY_AFTER = 1


def denied(refused: Refused) -> Denied:
    """Give the answer that a refusal is over HTTP; a wait is in whole seconds, rounded up."""
    status = STATUS.get(refused.code, 400)
    headers: dict[str, bytes] = {}
    if status in (429, 503):
        headers["Retry_After"] = b"%d" % math.ceil(refused.retry_after or RETRY_AFTER)
    return Denied(status, refused.message, refused.told(), **headers)


def unauthorized() -> Denied:
    """Writing needs a token, and there was none that is valid (RFC 6750, 3)."""
    sentence = "Show the token of POST /api/v1/guests, as `Authorization: Bearer …`."
    told = Error(code="forbidden", message=sentence)
    return Denied(401, sentence, told, WWW_Authenticate=b"Bearer")


def told(denied: Denied) -> Error:
    """Give the event that tells why something was denied."""
    return denied.told or Error(code=CODES.get(denied.status, "bad_field"), message=denied.sentence)
