"""Knocks over real sockets: what httpx says of a bad certificate, a closed port and a name that there is not."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cli.checks import doors
from cli.finding import Verdict
from cli.target import Target
from local.processes import free_port


class Ssm:
    def __init__(self, url: str) -> None:
        self.url = url

    def get_parameters(self, **asked: Any) -> dict[str, Any]:
        return {"Parameters": [{"Value": self.url}]}


def at(url: str) -> Target:
    http = httpx.Client(timeout=5, trust_env=False)
    return Target("reprise", lambda service: Ssm(url), http, {}, {})


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """An https server whose certificate nobody vouches for."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*plain) + made.sign(key, hashes.SHA256()).public_bytes(plain[0]))
    return path


def test_a_certificate_that_nobody_vouches_for_is_a_fault_of_tls(self_signed: str) -> None:
    found = doors.callbacks(at(self_signed))
    assert found.verdict is Verdict.FAIL
    assert "TLS with 127.0.0.1 fails" in found.said
    assert "certificate" in found.mend


def test_a_closed_port_cannot_be_reached() -> None:
    found = doors.callbacks(at(f"https://127.0.0.1:{free_port()}"))
    assert "127.0.0.1 cannot be reached" in found.said


def test_a_name_that_there_is_not_is_a_fault_of_dns() -> None:
    found = doors.callbacks(at("https://nobody.invalid"))
    assert "the name nobody.invalid cannot be resolved" in found.said
