"""Searching over plain HTTP."""

from chatroom.core.commands import Search
from chatroom.core.searching import Searching
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.wire import json


class SearchResults(Endpoint):
    """What is found in all that one may read; without a token, in what anybody may."""

    def __init__(self, terms: Terms, searching: Searching) -> None:
        super().__init__(terms)
        self._searching = searching

    async def get(self, call: Call) -> tuple[int, bytes]:
        """Give a page of what is found."""
        given = call.visitor.fields("q", "room", "cursor", numbers=("limit",))
        search: Search = json.fill(Search, given)
        return 200, json.encode(await self._searching.found(call.user, call.origin, search))
