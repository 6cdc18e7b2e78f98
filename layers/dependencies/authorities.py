"""certifi's authorities as a folder: `python authorities.py <folder of the wheels>`, with openssl on PATH.

A bundle is read from end to end for each TLS context, 20 ms of CPU; in a folder of files that are named by OpenSSL's
hash of their subject it opens the one that it needs (`man openssl-rehash`, `X509_LOOKUP_hash_dir`).
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)


def spread(bundle: Path, folder: Path) -> None:
    """Raises CalledProcessError for what is no certificate."""
    folder.mkdir()
    seen: Counter[str] = Counter()
    for one in CERTIFICATE.findall(bundle.read_text()):
        name = hash_of(one)
        (folder / f"{name}.{seen[name]}").write_text(one)
        seen[name] += 1


def hash_of(certificate: str) -> str:
    asked = ["openssl", "x509", "-noout", "-subject_hash"]
    done = subprocess.run(asked, input=certificate, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return done.stdout.strip()


if __name__ == "__main__":
    certifi = Path(sys.argv[1], "certifi")
    spread(certifi / "cacert.pem", certifi / "authorities")
