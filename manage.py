#!/usr/bin/env python
"""The door to every command of the scheduler: `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
    execute_from_command_line(sys.argv)
