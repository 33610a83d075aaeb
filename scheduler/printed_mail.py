"""Mail for a terminal: as a person reads it, not as it would be sent."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console

LINE = "-" * 79


class EmailBackend(console.EmailBackend):
    def write_message(self, message: EmailMessage) -> None:
        to = ", ".join(message.recipients())
        self.stream.write(
            f"{LINE}\nTo: {to}\nSubject: {message.subject}\n\n{message.body.strip()}\n{LINE}\n"
        )
