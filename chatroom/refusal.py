"""Pages that say what is wrong."""

from twisted.web import http
from twisted.web.resource import Resource

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{}</title>
<p>{} <a href="/">/</a></html>
"""


class Refusal(Resource):
    """A page that says what is wrong, and echoes nothing."""

    isLeaf = True

    def __init__(self, status: int, sentence: str, **headers: bytes) -> None:
        super().__init__()
        self._status = status
        self._page = PAGE.format(status, sentence).encode()
        self._headers = headers

    def render(self, request: http.Request) -> bytes:
        request.setResponseCode(self._status)
        request.setHeader(b"Content-Type", b"text/html; charset=utf-8")
        for name, value in self._headers.items():
            request.setHeader(name.encode(), value)
        return self._page


NOT_FOUND = Refusal(http.NOT_FOUND, "Nothing is here. 这里什么也没有。")
NOT_ALLOWED = Refusal(http.NOT_ALLOWED, "Only to be read. 这里只能看。", Allow=b"GET, HEAD")
