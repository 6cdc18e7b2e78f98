"""One TLS context for all calls out. certifi's authorities are read one by one where the layer has them as a folder;
read as a list they cost 20 ms of CPU, each time."""

import ssl
from functools import cache
from pathlib import Path

import httpx

AUTHORITIES = Path(httpx.__file__).parents[1] / "certifi" / "authorities"
"""Made with the layer (`layers/dependencies/authorities.py`)."""


@cache
def context() -> ssl.SSLContext:
    return ssl.create_default_context(capath=AUTHORITIES) if AUTHORITIES.is_dir() else httpx.create_ssl_context()
