"""Ask the web process of this machine whether it is alive: python -m scheduler.healthcheck

For containers. It comes as the site's own host, since any other is refused.
"""

import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from scheduler import settings

TIMEOUT = 5  # seconds


def is_alive() -> bool:
    host = "127.0.0.1" if settings.BIND_HOST in {"0.0.0.0", "::"} else settings.BIND_HOST  # noqa: S104
    connection = HTTPConnection(host, settings.PORT, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return connection.getresponse().status == 200
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"{error}\n")
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_alive())
