"""The HTTP API as its own description has it, to hold every answer in the tests to."""

import json
import re
from typing import Any

from jsonschema import Draft202012Validator

from chatroom.transports.http_api import DESCRIPTION
from tests.transports.answers import Answer

DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_bytes())
METHODS = ("get", "post", "put", "patch", "delete")


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Follow the `$ref` of a response or a header."""
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Each operation by its method and its path."""
    return {
        (method.upper(), path): item[method]
        for path, item in DOCUMENT["paths"].items()
        for method in METHODS
        if method in item
    }


def outcomes() -> set[tuple[str, str, int]]:
    """Method, path and status of all answers that are described."""
    return {
        (method, path, int(status))
        for (method, path), operation in operations().items()
        for status in operation["responses"]
    }


def template(path: str) -> str | None:
    """Give the path of the document that an address belongs to."""
    plain = path.partition("?")[0]
    for each in DOCUMENT["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each), plain):
            return str(each)
    return None


def check(method: str, path: str, answer: Answer) -> tuple[str, str, int] | None:
    """Raise unless the answer is as described; give what it is, None where nothing is."""
    method = "GET" if method == "HEAD" else method
    operation = operations().get((method, template(path) or ""))
    if operation is None:
        if answer.status not in (204, 400, 403, 404, 405):
            raise AssertionError(f"{method} {path} is not described")
        return None
    responses = operation["responses"]
    if str(answer.status) not in responses:
        raise AssertionError(f"{method} {path} may not be {answer.status}: {answer.body!r}")
    response = resolved(responses[str(answer.status)])
    for name, header in response.get("headers", {}).items():
        schema = resolved(header)["schema"]
        value: Any = answer.header(name)
        if schema.get("type") == "integer":
            value = int(value)
        Draft202012Validator(schema).validate(value)
    if answer.status == 204:
        return method, template(path) or "", 204
    kind = answer.header("content-type")
    if kind not in response["content"]:
        raise AssertionError(f"{method} {path} is {kind}")
    if answer.body:
        schema = response["content"][kind]["schema"] | {"components": DOCUMENT["components"]}
        is_json = kind == "application/json"
        found = json.loads(answer.body) if is_json else answer.body.decode()
        Draft202012Validator(schema).validate(found)
    return method, template(path) or "", answer.status
