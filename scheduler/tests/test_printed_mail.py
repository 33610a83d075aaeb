"""Mail without a mail server: printed for who sits at the terminal."""

from django.core.mail import EmailMultiAlternatives, get_connection


def test_mail_is_printed_as_a_person_reads_it(capsys):
    mail = EmailMultiAlternatives(
        "“Lunch 🍜” waits in TikTok",
        "Finish it:\nhttp://localhost/finish/\n",
        to=["alice@example.com"],
    )
    mail.attach_alternative("<p>Finish it</p>", "text/html")

    get_connection("scheduler.printed_mail.EmailBackend").send_messages([mail])

    line = "-" * 79
    assert capsys.readouterr().out == (
        f"{line}\nTo: alice@example.com\nSubject: “Lunch 🍜” waits in TikTok\n\n"
        f"Finish it:\nhttp://localhost/finish/\n{line}\n"
    )
