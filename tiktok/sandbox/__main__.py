"""python -m tiktok.sandbox --port 8090 --state var/sandbox"""

import argparse
import sys
from pathlib import Path

from tiktok.sandbox.serve import serve
from tiktok.sandbox.state import SandboxError


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tiktok.sandbox", description="A pretend TikTok, for practice."
    )
    parser.add_argument("--port", type=int, default=8090, help="0: any free one")
    parser.add_argument(
        "--state", type=Path, default=Path("var/sandbox"), help="the folder in which it remembers"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on; it has no log-in at all"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        help="another name under which its pages may be opened",
    )
    options = parser.parse_args()
    try:
        serve(
            options.port,
            options.state,
            say=_say,
            host=options.host,
            allowed_hosts=frozenset(options.allow_host),
        )
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
