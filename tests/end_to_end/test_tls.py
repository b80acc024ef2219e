"""https and wss on the same port, by two options."""

import ssl

from tests.end_to_end.certificates import make_certificate
from tests.end_to_end.guest import Guest
from tests.end_to_end.process import FOREGROUND, PATIENCE, EndToEndTestCase, open_url


class TlsTests(EndToEndTestCase):
    def test_the_page_and_the_chat_are_encrypted(self) -> None:
        certificate, key = make_certificate(self.folder())
        command = FOREGROUND["python -m chatroom"]
        server = self.serve(*command, "--certificate", str(certificate), "--key", str(key))
        self.assertEqual(server.page, f"https://localhost:{server.port}/")
        with open_url(server.page, timeout=PATIENCE) as page:
            cookie = page.headers["Set-Cookie"]
        self.assertRegex(cookie, "^__Host-chatroom=")
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        self.assertLessEqual({"secure", "httponly", "path=/", "samesite=lax"}, attributes)
        trusting_this_one = ssl.create_default_context(cafile=str(certificate))
        guest = Guest(server.port, tls=trusting_this_one, room="大厅", nick="李白")
        self.addCleanup(guest.close)
        self.assertEqual(guest.say("低头思故乡")["seq"], 1)

    def test_without_a_certificate_the_cookie_goes_over_plain_http(self) -> None:
        server = self.serve()
        with open_url(server.page, timeout=PATIENCE) as page:
            cookie = page.headers["Set-Cookie"]
        self.assertRegex(cookie, "^chatroom=")
        self.assertNotIn("secure", cookie.lower())
