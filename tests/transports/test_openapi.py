"""The description of the HTTP API is true, whole, and of nothing that is not there."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator, ValidationError

from chatroom.transports import http_api, http_keeping, http_rooms
from tests.memory import SECRET
from tests.transports import described
from tests.transports.answers import Answer, request
from tests.transports.asking import ApiCase, bearer, events, messages, parsed
from tests.transports.described import DOCUMENT

EVIL = b"Origin: https://evil.example"
CONTROL = b"X-Control: \x0b"
GUESTS, ROOMS, DESCRIPTION = "/api/v1/guests", "/api/v1/rooms", "/api/v1/openapi.json"
WIRE = "/api/v1/wire"
# What any operation with a body takes.
REQUEST = {"text": "a", "seq": 1, "role": "member", "seconds": 1, "secret": "x"}
MESSAGES = "/api/v1/rooms/{room}/messages"


class DocumentTests(ApiCase):
    def test_it_is_served(self) -> None:
        self.assertEqual(self.get(DESCRIPTION), DOCUMENT)
        self.assertEqual(self.ask(DESCRIPTION, method="HEAD").status, 200)

    def test_every_schema_is_one_and_every_reference_leads_somewhere(self) -> None:
        for schema in DOCUMENT["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)
        found = list(references(DOCUMENT))
        self.assertGreater(len(found), 30)
        for reference in found:
            self.assertTrue(described.resolved({"$ref": reference}), reference)

    def test_every_example_is_as_its_schema_has_it(self) -> None:
        found = list(contents(DOCUMENT))
        self.assertGreater(len(found), 10)
        for content in found:
            schema = {**content["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(schema).validate(content["example"])

    def test_an_answer_with_a_field_too_many_would_be_found(self) -> None:
        said = DOCUMENT["paths"][MESSAGES]["post"]["responses"]["201"]["content"]
        example = said["application/json"]["example"] | {"colour": "red"}
        headers = {"content-type": ["application/json"]}
        answer = Answer(201, headers, json.dumps(example).encode())
        self.assertRaises(ValidationError, described.check, "POST", messages("a"), answer)
        self.assertRaises(
            AssertionError, described.check, "POST", messages("a"), answer._replace(status=202)
        )


class OperationTests(ApiCase):
    def test_every_path_is_described_and_every_description_has_a_path(self) -> None:
        modules = {http_api: "getChild", http_keeping: "at", http_rooms: "at"}
        found = {path for module, function in modules.items() for path in paths(module, function)}
        self.assertEqual(found, {re.sub(r"\{\w+\}", "{}", path) for path in DOCUMENT["paths"]})

    def test_every_method_is_described_and_every_description_has_a_method(self) -> None:
        for path in DOCUMENT["paths"]:
            methods = {method for method, of in described.operations() if of == path}
            if "GET" in methods:
                methods.add("HEAD")
            allowed = self.ask(filled(path), method="OPTIONS").header("allow")
            self.assertEqual(set(allowed.split(", ")), methods | {"OPTIONS"}, path)

    def test_every_status_of_every_operation_really_comes(self) -> None:
        """`ask` holds each answer to its schema, and tells what it was."""
        found: set[tuple[str, str, int]] = set()

        def ask(path: str, *lines: bytes, method: str = "GET", body: Any = None) -> Answer:
            answer = self.ask(path, *lines, method=method, body=body)
            found.add(described.check(method, path, answer))
            return answer

        token = parsed(ask(GUESTS, method="POST", body={"nick": "李白"}))["token"]
        proof = bearer(token)
        for body in ({"text": "床前明月光", "id": "m1"},) * 2:
            ask(messages("大厅"), proof, method="POST", body=body)
        opened = self.server.request(request("/socket.io/?EIO=4&transport=polling"))
        [sid] = re.findall(rb'"sid":"([^"]+)"', opened)
        for path in (ROOMS, messages("大厅"), DESCRIPTION, messages("nobody"), WIRE + "?sid=a"):
            ask(path)
        for path in (events("大厅", "since=0"), events("nobody"), events("a" * 65)):
            ask(path)
        ask(f"{WIRE}?sid={sid.decode()}")
        ask(messages("a" * 65))
        ask(messages("a"), method="POST", body={"text": "a"})
        ask(messages("a"), proof, method="POST", body={"text": "a", "reply_to": 9})
        for path, body in ((GUESTS, {"nick": "a" * 33}), (messages("a"), {"text": "a" * 4001})):
            ask(path, proof, method="POST", body=body)
        for method, template in described.operations():
            path = filled(template)
            for line in (CONTROL, EVIL):
                ask(path, line, method=method)
        self._ask_for_changes(ask, proof)
        self._ask_about_rooms(ask, proof)
        self.server.clock.advance(60)
        self._ask_to_keep_order(ask, token)
        for _ in range(120):
            ask(messages("大厅"), proof)
        for method, template in described.operations():
            path, body = filled(template, "大厅"), None if method == "GET" else {"text": "a"}
            ask(path, proof, method=method, body=body)
        self.server.clock.advance(60)
        self.server.server.database.log.close()
        for path in (ROOMS, messages("大厅"), events("大厅"), "/api/v1/search?q=a"):
            ask(path)
        stranger = bearer(self.server.tokens_of("AAAAAAAAAAAAAAAA"))
        for method, template in described.operations():
            if "security" in described.operations()[method, template]:
                body = None if method == "GET" else REQUEST
                ask(filled(template, "大厅"), stranger, method=method, body=body)
        self.assertEqual(described.outcomes() - found, set())

    def _ask_for_changes(self, ask: Callable[..., Answer], proof: bytes) -> None:
        message = messages("大厅") + "/1"
        thumb = message + "/reactions/" + quote("👍")
        other = bearer(self.guest("杜甫")["token"])
        ask("/api/v1/unread", proof)
        ask("/api/v1/unread")
        for query in ("q=月", "q=", "", "q=" + "x" * 201, "q=月&room=大厅", "q=月&cursor=x"):
            ask("/api/v1/search?" + quote(query, safe="=&"), proof)
        export = f"/api/v1/rooms/{quote('大厅')}/export"
        for query in ("", "?format=jsonl", "?format=doc"):
            ask(export + query, proof)
        ask("/api/v1/rooms/nobody/export")
        ask(f"/api/v1/rooms/{'a' * 65}/export")
        ask("/api/v1/unread?" + "&".join("a" * 101), proof)
        for seq, room in ((1, "大厅"), (1, "nobody"), ("x", "大厅")):
            ask(f"/api/v1/rooms/{quote(room)}/read", proof, method="PUT", body={"seq": seq})
        ask("/api/v1/rooms/a/read", method="PUT", body={"seq": 1})
        for _ in range(2):
            ask(thumb, proof, method="PUT")
        for _ in range(2):
            ask(thumb, proof, method="DELETE")
        for text in ("疑是地上霜", "疑是地上霜", "x" * 4001, ""):
            ask(message, proof, method="PATCH", body={"text": text})
        for method in ("PATCH", "DELETE"):
            ask(message, other, method=method, body={"text": "x"})
            ask(message + "99", proof, method=method, body={"text": "x"})
            ask(message, method=method, body={"text": "x"})
        ask(messages("大厅") + "/x", proof, method="DELETE")
        for _ in range(2):
            ask(message, proof, method="DELETE")
        for method in ("PUT", "DELETE"):
            ask(thumb, proof, method=method)
            ask(thumb, method=method)
            ask(message + "/reactions/x", proof, method=method)

    def _ask_about_rooms(self, ask: Callable[..., Answer], proof: bytes) -> None:
        other = self.guest("王维")
        for body in ({"title": "诗社"}, {"title": "x" * 65}, {"title": ""}, {"room": "茶"}):
            made = ask(ROOMS, proof, method="POST", body=body)
        ask(ROOMS, method="POST", body={"title": "诗社"})
        ask(ROOMS, proof)
        ask(f"{ROOMS}?limit=0", proof)
        for user in (other["user"], "nobody"):
            ask("/api/v1/directs", proof, method="POST", body={"user": user})
        room = f"{ROOMS}/{quote(parsed(made)['room'])}"
        code = parsed(ask(f"{room}/invitations", proof, method="POST", body={}))["invitation"][
            "code"
        ]
        ask(f"{room}/invitations", proof)
        ask(f"{room}/invitations", proof, method="POST", body={"uses": 0})
        stranger = bearer(other["token"])
        for shown in (code, "wrong"):
            ask(f"{room}/membership", stranger, method="PUT", body={"invitation": shown})
        ask(f"{room}/invitations/1", proof, method="DELETE")
        ask(f"{room}/invitations/x", proof, method="DELETE")
        ask(f"{room}/membership", stranger, method="DELETE")
        nowhere = f"{ROOMS}/@{'A' * 22}"
        for method, path in (
            ("GET", "/invitations"),
            ("POST", "/invitations"),
            ("DELETE", "/invitations/1"),
            ("DELETE", "/membership"),
            ("DELETE", ""),
        ):
            ask(nowhere + path, proof, method=method, body=None if method == "GET" else {})
            ask(room + path, method=method, body=None if method == "GET" else {})
            ask(room + path, stranger, method=method, body=None if method == "GET" else {})
        ask(f"{ROOMS}/a%2fb/membership", proof, method="DELETE")
        ask(f"{ROOMS}/a%2fb", proof, method="DELETE")
        ask(room, proof, method="DELETE")

    def _ask_to_keep_order(self, ask: Callable[..., Answer], token: str) -> None:
        room = f"/api/v1/rooms/{quote('大厅')}"
        proof, stranger = bearer(token), bearer(self.guest()["token"])
        other = self.guest("王维")["user"]
        orders = [
            (f"{room}/roles/{other}", {"role": "moderator"}),
            (f"{room}/mutes/{other}", {"seconds": 60, "reason": "刷屏"}),
            (f"{room}/bans/{other}", {"network": False}),
            (f"/api/v1/bans/{other}", {}),
        ]
        for path in ("owner", "moderation", "audit"):
            ask(f"/api/v1/{path}", proof, method="POST" if path == "owner" else "GET", body=None)
        for secret in ("wrong", SECRET):
            ask("/api/v1/owner", proof, method="POST", body={"secret": secret})
        for path in ("/api/v1/moderation", "/api/v1/audit"):
            ask(path, stranger)
            ask(path, proof)
        for path, body in orders:
            for _ in range(2):
                ask(path, proof, method="PUT", body=body)
            ask(path, proof, method="PUT", body=body | {"reason": "x" * 201})
            for _ in range(2):
                ask(path, proof, method="DELETE")
            for method in ("PUT", "DELETE"):
                ask(path, stranger, method=method, body=body)
        for body in ({"slow": 1}, {"slow": 1}, {"password": "x" * 101}, {"slow": "x"}):
            ask(f"{room}/rules", proof, method="PATCH", body=body)
        ask(f"{room}/rules", stranger, method="PATCH", body={})
        for reason in ("a", "x" * 201):
            ask(f"{room}/members/{other}?reason={reason}", proof, method="DELETE")
        ask(f"{room}/members/{other}", stranger, method="DELETE")
        ask(f"{room}/members/{other}/messages", proof, method="DELETE")
        ask(f"{room}/members/{other}/messages", stranger, method="DELETE")
        for path in ("moderation", "audit", "audit?limit=0", "messages/1/versions", "retention"):
            ask(f"{room}/{path}", proof)
            ask(f"{room}/{path}", stranger)
        said = parsed(ask(f"{room}/messages", proof, method="POST", body={"text": "在"}))["seq"]
        ask(f"{room}/messages/{said}/versions", proof)
        ask(f"{room}/membership", proof)
        ask(f"{room}/membership", proof, method="PUT", body={"password": "a"})
        ask(f"{room}/rules", proof, method="PATCH", body={"password": "a"})
        ask(f"{room}/membership", stranger, method="PUT", body={"password": "b"})
        for (method, template), operation in described.operations().items():
            if "security" in operation:
                ask(filled(template, "大厅"), method=method, body=REQUEST)
            ask(filled(template, "大厅"), stranger, method=method, body=REQUEST)
            ask(filled(template, "a/b"), stranger, method=method, body=REQUEST)
        ask(f"{room}/rules", proof, method="PATCH", body={"password": ""})


def paths(module: Any, function: str) -> Iterator[str]:
    """The paths that the `match` in a function gives a resource, all below `v1`."""
    tree = ast.walk(ast.parse(Path(module.__file__).read_text("utf-8")))
    [found] = [node for node in tree if getattr(node, "name", None) == function]
    patterns = [node.pattern for node in ast.walk(found) if isinstance(node, ast.match_case)]
    for pattern in patterns:
        for each in pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]:
            assert isinstance(each, ast.MatchSequence)
            if not isinstance(each.patterns[-1], ast.MatchStar):
                parts = [
                    ast.literal_eval(part.value).decode()
                    if isinstance(part, ast.MatchValue)
                    else "{}"
                    for part in each.patterns
                ]
                yield "/".join(["/api", *parts]).replace("/v1", "").replace("/api", "/api/v1")


def filled(template: str, room: str = "a") -> str:
    """A path with something in its places."""
    path = template.replace("{room}", quote(room)).replace("{seq}", "1")
    path = path.replace("{user}", "AAAAAAAAAAAAAAAA")
    return path.replace("{emoji}", quote("👍")).replace("{id}", "1")


def references(part: Any) -> Any:
    """All `$ref` in the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def contents(part: Any) -> Any:
    """All schemas with an example beside them."""
    if isinstance(part, dict):
        if "schema" in part and "example" in part and "in" not in part:
            yield part
        for each in part.values():
            yield from contents(each)
