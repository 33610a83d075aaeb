"""`.env.example` names every variable that the settings read, and no other."""

import re

from django.conf import settings

COMPOSE_ONLY = {"POSTGRES_PASSWORD", "LISTEN"}


def test_each_variable_is_explained_and_each_explained_one_is_read():
    source = (settings.BASE_DIR / "scheduler" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*(?:#[^\n]*\s*)?"([A-Z0-9_]+)"', source))
    example = (settings.BASE_DIR / ".env.example").read_text()
    explained = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)

    assert sorted(explained) == sorted(read | COMPOSE_ONLY)
