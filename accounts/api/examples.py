"""The example of each endpoint: a request, and what comes back.

In the document it is a call of curl, which a test runs as it stands, what the page fills in, and an
answer of the same shape. All of them speak of the same things, by the ids below.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

WORKSPACE, USER = 3, 5
CHANNEL, POST, PUBLICATION = 7, 42, 43
MEDIUM = "0b6f3c1e-2d55-4c0a-9a57-5f0f6a1c7e21"
UPLOAD = "c1f0a9d4-7b1e-4f6b-8f3a-2e9d5c4b7a10"
IN_PATHS = {
    "channel_id": CHANNEL,
    "post_id": POST,
    "publication_id": PUBLICATION,
    "media_id": MEDIUM,
    "upload_id": UPLOAD,
    "number": 1,
}

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data"
BYTES = "application/octet-stream"
LONG_LINE = 80
BREAK = " \\\n  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """At most one of `body`, `form` and `bytes_of` is sent, and `files` only with a `form`."""

    answer: Any = None  # JSON; None: nothing comes back
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None  # JSON
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # the name of a file, by its field
    bytes_of: str = ""  # the name of the file that is sent as it is

    @property
    def content(self) -> dict[str, Any]:
        """For the document's `requestBody`: by the type of what is sent."""
        if self.body is not None:
            return {JSON: {"example": self.body}}
        if self.form:
            return {FILES if self.files else FORM: {"example": dict(self.form)}}
        return {}

    def curl(self, method: str, path: str, *, is_open: bool) -> str:
        """As it is typed into a shell that knows $API and $TOKEN, beside the files."""
        address = path.format(**IN_PATHS) + (f"?{urlencode(self.query)}" if self.query else "")
        sent = self._sent()
        named = "" if method == ("POST" if sent else "GET") else f"-X {method} "
        words = [f'curl {named}"$API{address}"']
        if not is_open:
            words.append('-H "Authorization: Bearer $TOKEN"')
        return BREAK.join(words + sent)

    def _sent(self) -> list[str]:
        if self.body is not None:
            text = json.dumps(self.body, ensure_ascii=False)
            if len(text) > LONG_LINE:
                text = json.dumps(self.body, ensure_ascii=False, indent=2)
            return [f"-H 'Content-Type: {JSON}'", f"-d {shlex.quote(text)}"]
        if self.bytes_of:
            return [f"-H 'Content-Type: {BYTES}'", f"--data-binary @{self.bytes_of}"]
        files = [f"{name}=@{file}" for name, file in self.files.items()]
        fields = [f"{name}={value}" for name, value in self.form.items()]
        option = "-F" if files else "--data-urlencode"
        return [f"{option} {shlex.quote(each)}" for each in files + fields]
