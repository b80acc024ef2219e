"""A server that stops and starts again: clients come back by themselves, to where they were."""

import signal
from contextlib import ExitStack, closing

from tests.end_to_end.guest import Guest
from tests.end_to_end.process import FOREGROUND, EndToEndTestCase
from tests.interop.clients import NodeClient, PythonClient
from tests.interop.test_clients import POLLING, UPGRADE, WEBSOCKET

COMMAND = (*FOREGROUND["python -m chatroom"], "--port")


class RestartTests(EndToEndTestCase):
    def test_every_client_is_told_and_comes_back_by_itself(self) -> None:
        folder = self.folder()
        server = self.serve(*COMMAND, "0", folder=folder)
        with ExitStack() as stack:
            users = []
            clients = []
            for kind in (NodeClient, PythonClient):
                for ways in (POLLING, WEBSOCKET, UPGRADE):
                    client = stack.enter_context(closing(kind()))
                    client.connect(f"http://localhost:{server.port}", ways, room="r")
                    [[welcome]] = client.hear("welcome")
                    client.hear("joined")
                    clients.append(client)
                    users.append(welcome["user"])
            self.assertTrue(clients[0].ask("chat message", "去时")["ok"])
            for client in clients:
                client.hear("chat message")
            server.send(signal.SIGTERM)
            for client in clients:
                [[told]] = client.hear("closing")
                self.assertEqual(told["code"], 1001)
            server.wait()
            self.serve(*COMMAND, str(server.port), folder=folder)
            with closing(Guest(server.port, room="r")) as guest:
                guest.say("来时")
            for client, user in zip(clients, users, strict=True):
                [[welcome]] = client.hear("welcome")
                [[joined]] = client.hear("joined")
                self.assertEqual((welcome["user"], joined["recovered"]), (user, True))
                [[text, event]] = client.hear("chat message")
                self.assertEqual((text, event["seq"]), ("来时", 2))
