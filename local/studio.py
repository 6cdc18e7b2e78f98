"""Our own provider's service as a child process, in the environment of its own that `make` installs."""

import secrets
from pathlib import Path

from local.errors import LocalError
from local.processes import LOOPBACK, bare_environment, spawn, stop_group
from local.simulators import ROOT, address

ENVIRONMENT = ROOT / ".venv-studio"
NETWORKS = "127.0.0.0/8"
"""Songs come from the embedded AWS, and callbacks go to it."""


def installed() -> bool:
    """The engine needs packages that nothing else here does: without them everything else works."""
    return (ENVIRONMENT / ".ready").is_file()


def python() -> Path | None:
    """The interpreter that has them."""
    return ENVIRONMENT / "bin/python" if installed() else None


class Studio:
    """`key` is the API key it accepts, `hmac_key` what it signs callbacks with."""

    def __init__(self, home: Path, engine: str | None = None) -> None:
        self.key, self.hmac_key, self.url = f"local-{secrets.token_hex(12)}", secrets.token_hex(24), ""
        self.log = home / "logs" / "studio.log"
        environment = bare_environment(home / "tmp") | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/core'}",
            "STUDIO_HOME": str(home / "tmp" / "studio"),
            "STUDIO_HOST": LOOPBACK,
            "STUDIO_PORT": "0",
            "STUDIO_API_KEY": self.key,
            "STUDIO_HMAC_KEY": self.hmac_key,
            "STUDIO_ALLOWED_PRIVATE_NETWORKS": NETWORKS,
            "STUDIO_ENGINE": engine or "",
        }
        command = [str(ENVIRONMENT / "bin/python"), "-m", "studio.service"]
        self.process = spawn(command, env=environment, cwd=ROOT, log=self.log, pipe=True)

    def wait(self) -> None:
        """Returns when it answers; raises LocalError with the log's end when it does not."""
        url = address(self.process, self.log)
        if url is None:
            self.stop()
            raise LocalError("The studio did not start.", "`rm -r .venv-studio`, then again", self.log)
        self.url = url

    def stop(self) -> None:
        """Its workers end with it."""
        stop_group(self.process)
