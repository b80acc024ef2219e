"""Who owns the server: by the link that the start shows, or one of the operator's command."""

import json
import re
from urllib.error import HTTPError
from urllib.request import Request

from tests.end_to_end.process import DAEMON, EndToEndTestCase, Server, open_url

LINK = re.compile(r"https?://\S+/#own=([\w-]{43})$", re.MULTILINE)


class OwnerTests(EndToEndTestCase):
    def guest(self, server: Server) -> str:
        """Be a new guest; give its token."""
        token: str = self.post(server, "guests", {"nick": "班主任"})["token"]
        return token

    def post(self, server: Server, path: str, body: object, token: str = "") -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = Request(server.page + "api/v1/" + path, json.dumps(body).encode(), headers)
        with open_url(request) as answer:
            found: dict[str, str] = json.loads(answer.read() or b"{}")
            return found

    def own(self, server: Server, secret: str) -> None:
        token = self.guest(server)
        self.post(server, "owner", {"secret": secret}, token)
        request = Request(
            server.page + "api/v1/moderation", headers={"Authorization": f"Bearer {token}"}
        )
        with open_url(request) as answer:
            self.assertEqual(json.loads(answer.read())["role"], "host")

    def test_the_daemon_shows_a_link_at_the_terminal_and_nowhere_else(self) -> None:
        folder = self.folder()
        server = self.serve(*DAEMON, folder=folder)
        [secret] = LINK.findall(server.out)
        self.assertNotIn(secret, (folder / "twistd.log").read_text())
        self.own(server, secret)
        error = self.assertRaises(HTTPError, self.own, server, secret)
        self.assertEqual(error.code, 403)
        error.close()

    def test_the_next_start_shows_none_and_the_command_does(self) -> None:
        folder = self.folder()
        server = self.serve(folder=folder)
        self.own(server, LINK.findall(server.out)[0])
        server.end()
        again = self.serve(folder=folder)
        self.assertEqual(LINK.findall(again.out), [])
        command = ("python", "-m", "chatroom", "owner", "--data", str(again.data))
        done = self.run_to_the_end(*command, "--url", again.page)
        self.assertEqual((done.status, done.err), (0, ""))
        [secret] = LINK.findall(done.out)
        self.assertTrue(done.out.splitlines()[-1].startswith(again.page + "#own="))
        self.own(again, secret)

    def test_without_data_there_is_one_sentence(self) -> None:
        done = self.run_to_the_end("python", "-m", "chatroom", "room", "list")
        self.assertEqual((done.status, done.out), (1, ""))
        self.assertRegex(done.err, r"\Achatroom: /.* has no data of a server; .*\n\Z")
