"""How Chromium is started: Debian's, which speaks to nobody by itself."""

import shutil
from typing import Any

CHROMIUM = shutil.which("chromium")
LAUNCH: dict[str, Any] = {
    "executable_path": CHROMIUM,
    "args": [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ],
}
