"""Mail through a server that asks for TLS and a log-in, as the environment names it."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import environment
from outbox import pausing
from outbox.delivery import deliver
from outbox.models import Lane, Message, Pause, State
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db
NAME, PASSWORD = "hundred", "path/with+signs"


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Make a certificate for this machine that only this test's process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return pem, secret


class _Server(Controller):
    """Takes mail over STARTTLS from whoever knows the password; the port is the system's choice."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def check(_server, _session, _envelope, mechanism, data):
        knows = (data.login, data.password) == (NAME.encode(), PASSWORD.encode())
        # "Not handled" leaves the words to the server: 235 or 535.
        return AuthResult(success=knows, handled=False)

    sink = Sink()
    running = _Server(
        sink,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        authenticator=check,
        auth_required=True,
    )
    running.start()
    sink.port = running.port
    yield sink
    running.stop()


@pytest.fixture
def use(settings, monkeypatch):
    """Return a way to read EMAIL_URL as the site does and to use what it says."""

    def read(url):
        monkeypatch.setenv("EMAIL_URL", url)
        for name, value in environment.read().email.items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "outbox.smtp.SmtpBackend", 5

    return read


def test_it_encrypts_and_logs_in(server, use, write):
    use(f"smtp+tls://{NAME}:path%2Fwith%2Bsigns@127.0.0.1:{server.port}")
    write("letter", "a", "b")
    assert deliver([Lane.BULK]) == 2
    assert len(server.mails) == 2


def test_a_wrong_password_pauses_everything(server, use, write):
    use(f"smtp+tls://{NAME}:wrong@127.0.0.1:{server.port}")
    messages = write("note", "a", "b")
    assert deliver([Lane.URGENT]) == 0
    assert Pause.objects.get().reason.startswith("no connection: 535 5.7.8")
    assert "wrong" not in Pause.objects.get().reason
    assert {(each.state, each.attempts) for each in Message.objects.all()} == {(State.QUEUED, 0)}
    use(f"smtp+tls://{NAME}:path%2Fwith%2Bsigns@127.0.0.1:{server.port}")
    pausing.resume(kind=pausing.EVERYTHING)
    assert deliver([Lane.URGENT]) == len(messages)


def test_a_missing_password_pauses_everything(server, use, write):
    use(f"smtp+tls://127.0.0.1:{server.port}")
    write("note", "a")
    assert deliver([Lane.URGENT]) == 0
    assert Pause.objects.get().reason.startswith("530 5.7.0")


def test_it_never_speaks_in_the_clear_when_told_to_encrypt(smtp_sink, use, write):
    use(f"smtp+tls://{NAME}:{PASSWORD.replace('/', '%2F')}@{smtp_sink.host}:{smtp_sink.port}")
    write("note", "a")
    assert deliver([Lane.URGENT]) == 0
    assert smtp_sink.mails == []
    assert "STARTTLS" in Pause.objects.get().reason


def test_it_trusts_no_stranger(server, use, write, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    use(f"smtp+tls://{NAME}:path%2Fwith%2Bsigns@127.0.0.1:{server.port}")
    write("note", "a")
    assert deliver([Lane.URGENT]) == 0
    assert server.mails == []
    assert "SSLCertVerificationError" in Pause.objects.get().reason
