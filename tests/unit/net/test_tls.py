"""TLS over a pinned address: the certificate must be one for the name in the link, and a trusted one."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from reprise.errors import FetchError
from reprise.net.fetch import GuardedFetcher
from reprise.net.tls import context

from tests.template import ROOT
from tests.unit.net.web import LOCAL, Web, redirects, resolving, sends, serving

MOST = 1000
INTERNATIONAL = "xn--fa-hia.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate in one file, for two names and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "media.example")])
    now = datetime.now(UTC)
    names = [x509.DNSName("media.example"), x509.DNSName(INTERNATIONAL), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def asked_names() -> list[str | None]:
    return []


@pytest.fixture
def web(certificate: Path, asked_names: list[str | None]) -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked_names.append(name)
    with serving({"/a": sends(b"song"), "/to": redirects("/a")}, context) as one:
        yield one


@pytest.fixture
def fetcher(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> GuardedFetcher:
    """One that trusts the test's certificate, and names that all lead to 127.0.0.1."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("reprise.net.fetch.context", context.__wrapped__)  # read anew, by this test alone
    names = ("media.example", "other.example", INTERNATIONAL)
    resolving(monkeypatch, {name: [["127.0.0.1"]] for name in names})
    return GuardedFetcher(LOCAL)


def test_the_name_of_the_link_is_asked_for_and_fits(
    fetcher: GuardedFetcher, web: Web, asked_names: list[str | None], tmp_path: Path
) -> None:
    assert fetcher.fetch(web.url("/a", "media.example", "https"), tmp_path / "a", MOST).size == 4
    assert asked_names == ["media.example"]
    assert web.asked[0][1]["host"] == f"media.example:{web.server_port}"


def test_a_certificate_for_another_name_is_refused(fetcher: GuardedFetcher, web: Web, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"other\.example: ConnectError"):
        fetcher.fetch(web.url("/a", "other.example", "https"), tmp_path / "a", MOST)
    assert web.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, {"media.example": [["127.0.0.1"]]})
    with pytest.raises(FetchError, match="ConnectError"):
        GuardedFetcher(LOCAL).fetch(web.url("/a", "media.example", "https"), tmp_path / "a", MOST)
    assert web.asked == []


def test_a_relative_redirect_stays_with_the_name(
    fetcher: GuardedFetcher, web: Web, asked_names: list[str | None], tmp_path: Path
) -> None:
    assert fetcher.fetch(web.url("/to", "media.example", "https"), tmp_path / "a", MOST).size == 4
    assert asked_names == ["media.example"] * 2
    assert {headers["host"] for _, headers in web.asked} == {f"media.example:{web.server_port}"}


def test_an_international_name_is_looked_up_as_it_is_written(
    fetcher: GuardedFetcher, web: Web, asked_names: list[str | None], tmp_path: Path
) -> None:
    """Decoded and encoded again by the older standard, this name would be another one: fass.example."""
    assert fetcher.fetch(web.url("/a", INTERNATIONAL, "https"), tmp_path / "a", MOST).size == 4
    assert asked_names == [INTERNATIONAL]


def test_an_address_needs_a_certificate_for_the_address(fetcher: GuardedFetcher, web: Web, tmp_path: Path) -> None:
    assert fetcher.fetch(web.url("/a", "127.0.0.1", "https"), tmp_path / "a", MOST).size == 4
    with pytest.raises(FetchError, match="ConnectError"):
        fetcher.fetch(web.url("/a", "127.0.0.2", "https"), tmp_path / "a", MOST)


@pytest.fixture
def layer(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of authorities, as `make build` makes it of certifi's list: here of a list of the test's own."""
    (tmp_path / "certifi").mkdir()
    _, begin, body = certificate.read_text().partition("-----BEGIN CERTIFICATE-----")
    (tmp_path / "certifi" / "cacert.pem").write_text(f"# ours\n{begin}{body}# twice\n{begin}{body}")
    make = [sys.executable, str(ROOT / "layers" / "dependencies" / "authorities.py"), str(tmp_path)]
    subprocess.run(make, check=True)
    monkeypatch.setattr("reprise.net.tls.AUTHORITIES", tmp_path / "certifi" / "authorities")
    monkeypatch.setattr("reprise.net.fetch.context", context.__wrapped__)
    return tmp_path / "certifi" / "authorities"


def test_authorities_of_the_layer_are_trusted(
    layer: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, {"media.example": [["127.0.0.1"]]})
    assert sorted(path.suffix for path in layer.iterdir()) == [".0", ".1"]
    assert GuardedFetcher(LOCAL).fetch(web.url("/a", "media.example", "https"), tmp_path / "a", MOST).size == 4


def test_nobody_but_the_authorities_of_the_layer_is_trusted(
    layer: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, {"media.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
    with pytest.raises(FetchError, match="ConnectError"):
        GuardedFetcher(LOCAL).fetch(web.url("/a", "other.example", "https"), tmp_path / "a", MOST)
    for path in layer.iterdir():
        path.unlink()
    with pytest.raises(FetchError, match="ConnectError"):
        GuardedFetcher(LOCAL).fetch(web.url("/a", "media.example", "https"), tmp_path / "a", MOST)
    assert web.asked == []
