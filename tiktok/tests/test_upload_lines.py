"""The line that the bytes take: large blocks, slow receivers, and TLS as the real one has it."""

import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tiktok.chunks import ChunkPlan, plan
from tiktok.client import TikTokClient
from tiktok.errors import Unreachable
from tiktok.tests.scripted_server import Reply, ScriptedServer
from tiktok.tests.upload_stage import Guard, Sending, StopNow, StoredFile
from tiktok.upload_errors import Interrupted
from tiktok.uploads import Outcome


def sending_to(tiktok, size):
    return Sending(StoredFile(size, block=4_194_304), plan(size), tiktok.url, tiktok.url)


def test_bytes_leave_in_large_blocks():
    with ScriptedServer(Reply(201), keep_bodies=False) as tiktok:
        sending = sending_to(tiktok, 16_777_216)
        assert sending.start() is Outcome.COMPLETE

    # 16 blocks, each looked at before it is read and before it leaves, and the request itself.
    assert sending.guard.looks == 33


def test_a_receiver_may_take_longer_for_a_block_than_a_connection_may_take():
    ready = threading.Event()
    with ScriptedServer(Reply(201, reads_after=ready), keep_bodies=False) as tiktok:
        sending = sending_to(tiktok, 40_000_000)  # more than fits into the buffers on the way
        sending.timeout = (0.6, 5.0)
        threading.Timer(1.5, ready.set).start()

        assert sending.start() is Outcome.COMPLETE
        assert tiktok.requests[0].sha256 == sending.source.sha256


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that only those trust who are told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def tiktok(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ScriptedServer(tls=context) as server:
        yield server


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))


def test_the_same_bytes_arrive_through_tls(tiktok, trusted):
    size = 25_000_000
    tiktok.will(Reply(206), Reply(201))
    sending = sending_to(tiktok, size)
    sending.chunks = ChunkPlan(size, 10_000_000, 2)

    assert sending.start() is Outcome.COMPLETE

    assert b"".join(request.body for request in tiktok.requests) == sending.source.bytes(0, size)
    assert tiktok.connections == 1


def test_a_slow_receiver_is_waited_for_through_tls_too(tiktok, trusted):
    ready = threading.Event()
    tiktok.will(Reply(201, reads_after=ready))
    sending = sending_to(tiktok, 40_000_000)
    sending.timeout = (1.0, 5.0)
    threading.Timer(2.0, ready.set).start()

    assert sending.start() is Outcome.COMPLETE


def test_a_guard_cuts_a_body_through_tls_too(tiktok, trusted):
    sending = sending_to(tiktok, 30_000_000)
    guard = sending.guard = Guard()
    guard.stop_when = lambda: guard.looks > 10

    with pytest.raises(StopNow):
        sending.start()

    assert tiktok.received(1)[0].complete is False


def test_a_stranger_with_a_wrong_certificate_gets_nothing(tiktok):
    with (
        TikTokClient("act.alice", base_url=tiktok.url) as client,
        pytest.raises(Unreachable) as refused,
    ):
        client.creator_info()
    with pytest.raises(Interrupted):
        sending_to(tiktok, 1_000).start()

    assert refused.value.sent is False
    assert refused.value.message == "SSLCertVerificationError"
    assert tiktok.requests == []
