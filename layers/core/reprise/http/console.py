"""The console's files, as `make console` built them into page/, and what a browser is told to hold them to.

The page may run its own scripts, talk to this API and to the buckets that its links lead to, and nothing else. Its
styles come with a nonce, since the waveforms' own are written by a script: the page is made anew each time. Its files,
whose names are made of what is in them, are kept for a year.
"""

import mimetypes
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.errors import NotFoundError

FOLDER = Path(__file__).with_name("page")
PAGE = "index.html"
NONCE = "{{nonce}}"
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def serve(api: APIGatewayHttpResolver, storage: Callable[[], Sequence[str]]) -> None:
    """`storage` are the origins of the buckets."""

    @api.get("/")
    def lead_to_page() -> Response[str]:
        return Response(302, "text/plain", "", {"Location": "/console", "Cache-Control": A_DAY})

    @api.get("/console", compress=True)
    def read_page() -> Response[str]:
        nonce = secrets.token_urlsafe(16)
        rules = {"Content-Security-Policy": policy(nonce, storage()), "Cache-Control": "no-store"}
        return _file(PAGE, _text(PAGE).replace(NONCE, nonce), rules)

    @api.get("/console/<file>", compress=True)
    def read_asset(file: str) -> Response[str]:
        if file == PAGE or file not in _names():
            raise NotFoundError("the console has no such file")
        return _file(file, _text(file), {"Cache-Control": FOR_EVER if "-" in file else A_DAY})


def policy(nonce: str, storage: Sequence[str]) -> str:
    """https://www.w3.org/TR/CSP3/. Sound is fetched with the API key and played out of memory: `blob:`."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self'",
            "media-src blob:",
            f"connect-src 'self' {' '.join(storage)}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _file(name: str, text: str, headers: dict[str, str]) -> Response[str]:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(200, f"{kind}; charset=utf-8", text, {**HEADERS, **headers})


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.iterdir())


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text()
