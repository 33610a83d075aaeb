"""How variables of the environment become values, where `environs` has no answer.

Nothing here reads a variable; `settings.py` alone does.
"""

import hashlib
import importlib.util
import ipaddress
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
from environs import EnvError

PROOF_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}\.(txt|html)")


def is_loopback(url: str | None) -> bool:
    """Whether the host of `url` is this machine itself, which is what *development* means.

    >>> is_loopback("http://localhost:8000"), is_loopback("https://posts.example.com")
    (True, False)
    """
    host = urlsplit(url or "").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Scheme, host and port of `url`, as a browser compares them.

    >>> origin_of("https://www.tiktok.com/v2/auth/authorize/")
    'https://www.tiktok.com'
    """
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "", "", ""))


def amazon_origin(bucket: str, region: str | None) -> str:
    """Where signed addresses of a bucket at Amazon's own S3 lead to.

    >>> amazon_origin("films", "eu-central-1"), amazon_origin("films", None)
    ('https://films.s3.eu-central-1.amazonaws.com', 'https://films.s3.amazonaws.com')
    >>> amazon_origin("my.films", "eu-central-1")
    'https://s3.eu-central-1.amazonaws.com'
    """
    before = f"{bucket}." if "." not in bucket else ""
    place = f".{region}" if region and region != "us-east-1" else ""
    country = ".cn" if place.startswith(".cn-") else ""
    return f"https://{before}s3{place}.amazonaws.com{country}"


def web_address(value: str) -> str:
    """An absolute http(s) address without a slash at its end; empty stays empty."""
    if value and not _takes_a_path(value):
        raise EnvError(f"{value!r} is not an address like https://posts.example.com")
    return value.rstrip("/")


def _takes_a_path(address: str) -> bool:
    """Whether it is one of the web, and what is put behind it becomes a part of its path."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return is_web and not set("?#") & set(address)


def redirect_address(value: str) -> str:
    """Where TikTok sends people back to: kept byte for byte, a slash at its end included.

    It must equal the one registered there, which has neither query nor fragment (Protocol 2.1).
    """
    if web_address(value) and not urlsplit(value).path.strip("/"):
        raise EnvError(f"{value!r} is our front page: it needs a path of its own behind the host")
    return value


def proof_files(value: str) -> dict[str, str]:
    """Files by which TikTok verifies an address, as NAME:CONTENT, separated by commas.

    >>> proof_files("tiktokAb1.txt:tiktok-developers-site-verification=Ab1")
    {'tiktokAb1.txt': 'tiktok-developers-site-verification=Ab1'}
    """
    files = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        name, colon, content = part.partition(":")
        if not colon or not content or not PROOF_NAME.fullmatch(name):
            raise EnvError(
                f"{part!r} is not like tiktokAb1.txt:tiktok-developers-site-verification=Ab1"
            )
        files[name] = content.strip()
    return files


def database_from(url: str) -> dict[str, object]:
    """Django's description of the database at `url`.

    `postgresql+asyncpg://` comes from an older service of this name; the driver is ours to choose.
    """
    scheme, separator, rest = url.partition("://")
    try:
        return dict(dj_database_url.parse(scheme.partition("+")[0] + separator + rest))
    except (ValueError, KeyError) as error:
        # The address itself may hold a password: name what is wrong, not the value.
        raise EnvError(
            "it must look like postgresql://user:password@host:5432/name or sqlite:////path"
        ) from error


def folder_of(package: str) -> Path:
    """Where an installed package lies, found without loading it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EnvError(f"{package} is not installed")
    return Path(spec.origin).parent


def kept_secret(path: Path) -> str:
    """A random secret of this machine, made at the first call and kept in `path`."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def place_of(database: dict[str, object], site_url: str) -> str:
    """A name for where a database stands, so that a copy elsewhere can tell that it is one.

    Machines that share a database agree on it; a development machine's port does not matter.
    """
    where = [str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME", "OPTIONS")]
    if not is_loopback(site_url):
        where.append(site_url)
    return hashlib.sha256("\n".join(where).encode()).hexdigest()[:32]
