"""What a schema has against a value, in words that say what to send instead."""

from collections.abc import Mapping
from typing import Any

A_TIME = (
    "Send a time with its offset, such as 2026-12-22T09:30:00Z or 2026-12-22T10:30:00+01:00. "
    "In an address write + as %2B."
)
NUMBER = "This must be a whole number."
TRUTH = "This must be true or false."
OBJECT = "This must be an object of JSON."

# By the name that pydantic has for it; what it found out about the value stands in braces.
SENTENCES = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such field.",
    "timezone_aware": A_TIME,
    "datetime_type": A_TIME,
    "datetime_parsing": A_TIME,
    "datetime_from_date_parsing": A_TIME,
    "datetime_object_invalid": A_TIME,
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_parsing_size": NUMBER,
    "int_from_float": NUMBER,
    "bool_type": TRUTH,
    "bool_parsing": TRUTH,
    "uuid_type": "This must be an id, as the API gave it.",
    "uuid_parsing": "This must be an id, as the API gave it.",
    "string_type": "This must be a text.",
    "list_type": "This must be a list of JSON.",
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "enum": "This must be {expected}.",
    "literal_error": "This must be {expected}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be {le} at the most.",
    "greater_than_equal": "This must be {ge} at the least.",
    "string_too_long": "This may have {max_length} characters at the most.",
    "string_too_short": "This must not be empty.",
    "too_long": "This may hold {max_length} at the most.",
}


def sentence(found: Mapping[str, Any]) -> str:
    """`found` is one of pydantic's errors. What has no words of ours keeps pydantic's.

    >>> sentence({"type": "less_than_equal", "msg": "…", "ctx": {"le": 100}})
    'This must be 100 at the most.'
    >>> sentence({"type": "value_error", "msg": "Value error, This is not a time zone"})
    'This is not a time zone.'
    """
    if found["type"] in SENTENCES:
        return SENTENCES[found["type"]].format(**found.get("ctx", {}))
    message: str = found["msg"].removeprefix("Value error, ")
    return message if message.endswith((".", "?")) else f"{message}."
