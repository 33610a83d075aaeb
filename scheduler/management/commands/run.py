"""Everything on this machine at once: what `make run` starts."""

import logging
import sys
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from scheduler.ports import Port, trouble_with
from scheduler.processes import run_processes
from tiktok import demo


class Command(BaseCommand):
    help = "Prepare this machine and run web, worker, dispatcher and sandbox until Ctrl-C."
    requires_system_checks: list[str] = []  # each of the processes makes them

    def handle(self, **options: Any) -> None:
        self._refuse_taken_ports()
        log_in = self._prepare()
        lines = [f"Starting. Open {settings.SITE_URL}", *log_in.splitlines()]
        if self._with_sandbox:
            lines.append(f"{settings.SANDBOX_URL} pretends to be TikTok, for practice.")
        if settings.MAIL_IS_PRINTED:
            lines.append("Mail is printed here, in this terminal.")
        lines.append("Ctrl-C stops everything.")
        self.stdout.write("\n" + "".join(f"  {line}\n" for line in lines))
        self.stdout.flush()
        connections.close_all()
        sys.exit(run_processes(without=() if self._with_sandbox else ("sandbox",)))

    def _prepare(self) -> str:
        """Database and demo. Returns how to log in."""
        logging.disable(logging.INFO)  # a newcomer's first screen is for what they need
        call_command("prepare", verbosity=0)
        said = StringIO()
        if self._with_sandbox:
            if not demo.is_set_up():
                self.stdout.write("Making a demo, once. This takes some seconds.")
                self.stdout.flush()
            try:
                call_command("demo", stdout=said)
            except CommandError as error:  # a pity, and no reason not to run
                self.stderr.write(f"{error}\n")
        logging.disable(logging.NOTSET)
        return said.getvalue()

    @property
    def _with_sandbox(self) -> bool:
        return settings.TIKTOK_API_URL == settings.SANDBOX_URL

    def _refuse_taken_ports(self) -> None:
        ports = [Port(settings.PORT, "PORT", settings.BIND_HOST)]
        if self._with_sandbox:
            ports.append(Port(settings.SANDBOX_PORT, "SANDBOX_PORT"))
        if trouble := trouble_with(ports):
            self.stderr.write(trouble)
            sys.exit(1)
