"""One TLS context for all calls out: reading the list of authorities takes 20 ms of CPU, each time."""

import ssl
from functools import cache

import httpx


@cache
def context() -> ssl.SSLContext:
    return httpx.create_ssl_context()
