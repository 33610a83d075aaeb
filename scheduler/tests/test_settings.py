"""Settings on a bare machine, and with mistakes: read by a real process."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def read_settings(
    *, show: str = "TIKTOK_API_URL", **environment: str
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-c", f"from scheduler import settings; print(settings.{show})"],
        env=clean | {"SECRET_KEY": "x" * 50} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_any_variable_the_sandbox_plays_tiktok():
    assert read_settings().stdout == "http://127.0.0.1:8900\n"


def test_with_a_key_of_tiktoks_the_real_one_is_asked():
    result = read_settings(TIKTOK_CLIENT_KEY="aw1", TIKTOK_CLIENT_SECRET="s")
    assert result.stdout == "https://open.tiktokapis.com\n"


def test_all_mistakes_are_reported_at_once():
    result = read_settings(PORT="no number", MEDIA_STORAGE="tape", SITE_URL="example.com")
    assert result.returncode == 1
    named = [name for name in ("PORT", "MEDIA_STORAGE", "SITE_URL") if f"{name}:" in result.stderr]
    assert named == ["PORT", "MEDIA_STORAGE", "SITE_URL"]


def test_a_value_may_lie_in_a_file(tmp_path):
    (tmp_path / "url").write_text("http://tiktok.test:1\n")
    assert (
        read_settings(TIKTOK_API_URL_FILE=str(tmp_path / "url")).stdout == "http://tiktok.test:1\n"
    )


def test_an_address_of_an_older_service_is_understood():
    result = read_settings(DATABASE_URL="postgresql+asyncpg://a:b@db/posts")
    assert result.returncode == 0


def test_the_way_back_from_tiktok_is_kept_to_the_last_slash():
    address = "https://posts.example.com/back/"
    result = read_settings(TIKTOK_REDIRECT_URI=address, show="TIKTOK_REDIRECT_URI")
    assert result.stdout == f"{address}\n"


def test_videos_are_not_fetched_from_where_tiktok_does_not_fetch():
    real = {"TIKTOK_CLIENT_KEY": "aw1", "TIKTOK_CLIENT_SECRET": "s", "TIKTOK_VIDEO_SOURCE": "pull"}
    result = read_settings(**real)
    assert result.returncode == 1
    assert "TIKTOK_VIDEO_SOURCE: pull does not work, since TikTok fetches from https" in (
        result.stderr
    )
    assert read_settings(**real, MEDIA_PUBLIC_URL="https://media.example.com").returncode == 0
    assert read_settings(TIKTOK_VIDEO_SOURCE="pull").returncode == 0  # the sandbox does


def test_a_proof_file_is_a_name_and_what_is_in_it():
    proof = "tiktokAb1.txt:tiktok-developers-site-verification=Ab1"
    result = read_settings(TIKTOK_PROOF_FILES=proof, show="TIKTOK_PROOF_FILES")
    assert result.stdout == ("{'tiktokAb1.txt': 'tiktok-developers-site-verification=Ab1'}\n")


@pytest.mark.parametrize("proof", ["tiktokAb1.txt", "../x.txt:y", "healthz:y", "a/b.txt:y"])
def test_a_proof_file_that_could_not_be_served_is_a_mistake(proof):
    result = read_settings(TIKTOK_PROOF_FILES=proof)
    assert result.returncode == 1
    assert "TIKTOK_PROOF_FILES:" in result.stderr


def test_the_host_of_what_tiktok_fetches_is_ours():
    result = read_settings(MEDIA_PUBLIC_URL="https://media.example.com", show="ALLOWED_HOSTS")
    assert "'media.example.com'" in result.stdout


@pytest.mark.parametrize("end", ["/back?x=1", "/back#x", "", "/"])
def test_a_way_back_that_tiktok_refuses_or_that_leads_nowhere_is_a_mistake(end):
    """At its root the site has its front page, which knows nothing of a connection."""
    result = read_settings(TIKTOK_REDIRECT_URI=f"https://posts.example.com{end}")
    assert result.returncode == 1
    assert "TIKTOK_REDIRECT_URI: " in result.stderr


@pytest.mark.parametrize(
    "address",
    ["https://a.example.com/?x=1", "https://a.example.com#x", "https://[a", "https://a:b"],
)
def test_an_address_to_which_no_path_can_be_added_is_a_mistake(address):
    result = read_settings(MEDIA_PUBLIC_URL=address)
    assert result.returncode == 1
    assert "MEDIA_PUBLIC_URL: " in result.stderr


@pytest.mark.parametrize(
    ("bucket", "region", "endpoint"),
    [
        ("films", "", ""),
        ("films", "us-east-1", ""),
        ("films", "eu-central-1", ""),
        ("films", "cn-north-1", ""),
        ("my.films", "eu-central-1", ""),
        ("films", "auto", "https://store.example.com:9000"),
    ],
)
def test_pages_may_send_to_where_signed_addresses_lead(bucket, region, endpoint):
    environment = {
        "MEDIA_STORAGE": "s3",
        "AWS_STORAGE_BUCKET_NAME": bucket,
        "AWS_S3_REGION_NAME": region,
        "AWS_S3_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "DJANGO_SETTINGS_MODULE": "scheduler.settings",
    }
    signed = (
        "CONTENT_SECURITY_POLICY['DIRECTIVES']['connect-src'][1])\n"
        "from django.core.files.storage import storages\n"
        "store = storages['default']\n"
        "print(store.connection.meta.client.generate_presigned_url("
        "'upload_part', {'Bucket': store.bucket_name, 'Key': 'k', 'UploadId': 'u', 'PartNumber': 1}"
        ")"
    )
    allowed, address = read_settings(show=signed, **environment).stdout.split()
    assert address.startswith(f"{allowed}/")
