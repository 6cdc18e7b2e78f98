"""The stack of this machine, as its file and its port tell."""

import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.errors import LocalError

LISTEN_SECONDS = 2.0


def door(home: Path) -> tuple[str, str]:
    """Its address and its API key. Raises LocalError where none runs."""
    path = home / "stack.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        url, key = str(told["api_url"]), str(told["api_key"])
    except FileNotFoundError as error:
        raise LocalError(
            "No profile is chosen, and no stack runs on this machine.",
            "`reprise login` for one in AWS, `reprise local up` here",
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LocalError(f"{path} cannot be read: {error}", "`reprise local down`, then `reprise local up`") from error
    if not _listens(url):
        raise LocalError("The local stack does not run any more.", "start it: `make up`, or `reprise local up`")
    return url, key


def _listens(url: str) -> bool:
    """What was killed, or ran before the machine was started anew, leaves its file behind."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), LISTEN_SECONDS):
            return True
    except (OSError, ValueError):
        return False
