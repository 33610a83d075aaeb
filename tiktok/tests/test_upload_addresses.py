"""Bytes go to TikTok, or to the sandbox that stands in for it, and nowhere else (Protocol 1)."""

import pytest

from tiktok.upload_errors import AddressNotTrusted
from tiktok.uploads import check_upload_url

TIKTOK = "https://open.tiktokapis.com"
SANDBOX = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("url", "api_url"),
    [
        ("https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=2", TIKTOK),
        ("https://upload.us.tiktokapis.com/upload/", TIKTOK),
        ("https://UPLOAD.TikTokApis.com:443/", TIKTOK),
        ("https://upload.us.tiktokapis.com/upload/", SANDBOX),
        ("http://127.0.0.1:9000/upload/1?t=2", SANDBOX),
        ("http://127.0.0.1:9000/upload/", SANDBOX + "/"),
        ("http://sandbox_1/upload/", "http://sandbox_1:80"),
        ("http://[::1]:9000/upload/", "http://[::1]:9000"),
        ("https://tiktok.test/upload/", "https://tiktok.test:443/api"),
    ],
)
def test_a_trusted_address_is_used_as_it_is(url, api_url):
    assert check_upload_url(url, api_url=api_url) == url


@pytest.mark.parametrize(
    ("url", "api_url"),
    [
        ("http://open-upload.tiktokapis.com/video/", TIKTOK),
        ("http://open.tiktokapis.com/video/", "http://open.tiktokapis.com"),
        ("https://open-upload.tiktokapis.com:8443/video/", TIKTOK),
        ("https://tiktokapis.com/video/", TIKTOK),
        ("https://.tiktokapis.com/video/", TIKTOK),
        ("https://eviltiktokapis.com/video/", TIKTOK),
        ("https://tiktokapis.com.evil.example/", TIKTOK),
        ("https://a.tiktokapis.com@evil.example/", TIKTOK),
        ("https://evil.example#.tiktokapis.com/", TIKTOK),
        ("https://evil.example?.tiktokapis.com", TIKTOK),
        ("https://evil.example\\.tiktokapis.com/", TIKTOK),
        ("https://evil.example／a.tiktokapis.com/", TIKTOK),
        ("https://evil.example%2f.tiktokapis.com/", TIKTOK),
        ("https://a.tiktokapis.com\n.evil.example/", TIKTOK),
        ("https://a b.tiktokapis.com/", TIKTOK),
        ("https://a.tiktokapis.com:x/", TIKTOK),
        ("https://[a.tiktokapis.com/", TIKTOK),
        ("ftp://a.tiktokapis.com/", TIKTOK),
        ("file:///etc/passwd", TIKTOK),
        ("//a.tiktokapis.com/", TIKTOK),
        ("", TIKTOK),
        ("http://127.0.0.1:9000/upload/", TIKTOK),
        ("http://127.0.0.1:9001/upload/", SANDBOX),
        ("https://127.0.0.1:9000/upload/", SANDBOX),
        ("http://localhost:9000/upload/", SANDBOX),
        ("http://user@127.0.0.1:9000/upload/", SANDBOX),
        ("http://169.254.169.254/latest/", SANDBOX),
        ("http://127.0.0.1:9000/upload/", "not an address"),
    ],
)
def test_any_other_address_gets_nothing(url, api_url):
    with pytest.raises(AddressNotTrusted) as refused:
        check_upload_url(url, api_url=api_url)

    assert "upload_token" not in str(refused.value)
    assert refused.value.retryable is False
