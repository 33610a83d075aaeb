"""Attributes that are encrypted at rest.

What encrypts is loaded at the first reading or writing: it weighs several megabytes, and not every
process that knows the tables opens a secret.
"""

from typing import Any

from django.db import models


class Sealed:
    """An attribute that reads and writes the sealed text of another field.

    `access_token = Sealed("access_token_sealed")`: the row holds the sealed text, the attribute
    the plain one, and it is opened only when somebody asks.
    """

    def __init__(self, field_name: str) -> None:
        self.field_name = field_name

    def __get__(self, row: models.Model | None, owner: type) -> Any:
        if row is None:
            return self
        from accounts.encryption import unseal  # noqa: PLC0415

        return unseal(getattr(row, self.field_name))

    def __set__(self, row: models.Model, text: str) -> None:
        from accounts.encryption import seal  # noqa: PLC0415

        setattr(row, self.field_name, seal(text))
