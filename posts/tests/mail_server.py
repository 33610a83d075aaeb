"""A mail server on a socket, that takes mails, or refuses them as it is told to."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

Envelope = tuple[str, EmailMessage]  # to whom, and what


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP for Django. `answers` are given to RCPT and to the end of DATA."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.received: list[Envelope] = []
        self.connections = 0
        self.recipient_answer = "250 known"
        self.data_answer = "250 taken"
        self.hangs_up_after_data = False

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self._say("220 ready")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].rstrip(">")
                self._say(self.server.recipient_answer)
            elif verb == "DATA":
                self._say("354 go on")
                self._take(recipient)
                if self.server.hangs_up_after_data:
                    return
                self._say(self.server.data_answer)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        if self.server.data_answer.startswith("250"):
            self.server.received.append((recipient, message))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
