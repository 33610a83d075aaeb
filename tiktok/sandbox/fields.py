"""Reading a JSON body strictly: a number is a number, a boolean a boolean (Protocol 5.2)."""

from typing import Any

from tiktok.sandbox.refusals import invalid

INT32 = 2**31 - 1
INT64 = 2**63 - 1


class Fields:
    """One JSON object. Unknown fields are passed over, as TikTok does (Protocol 15, 28)."""

    def __init__(self, value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{name} is missing or is not an object")
        self._values: dict[str, Any] = value
        self._name = name

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def object(self, name: str) -> "Fields":
        return Fields(self._values.get(name), name)

    def boolean(self, name: str) -> bool:
        """A flag that may be left out, and then is false."""
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise invalid(f"{name} is not a boolean")
        return value

    def integer(self, name: str, default: int | None = None, *, most: int = INT64) -> int:
        """An integer between -most-1 and most; without a default it is required."""
        value = self._values.get(name, default)
        # bool is a subclass of int, and 1e7 arrives as a float: neither is an integer here.
        if type(value) is not int or not -most - 1 <= value <= most:
            raise invalid(f"{name} is missing or is not an integer")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise invalid(f"{name} is missing or is not a string")
        if not is_unicode(value):
            raise invalid(f"{name} holds half of a surrogate pair")
        return value

    def texts(self, name: str) -> list[str]:
        value = self._values.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid(f"{name} is missing or is not a list of strings")
        return value


def is_unicode(text: str) -> bool:
    """JSON can spell a lone surrogate; no text that can be stored or shown holds one."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, the unit of TikTok's captions (Protocol 5.1).

    >>> utf16_length("a👍")
    3
    """
    return len(text.encode("utf-16-le")) // 2
