"""The console: files as `make console` built them into page/, of which the page itself is made anew each time.

It may run its own scripts, talk to this API and to the buckets that its links lead to, and nothing else. Its styles
come with a nonce, since the waveforms' own are written by a script. Its files, whose names are made of what is in them,
are kept for a year.
"""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.errors import NotFoundError
from reprise.http import files
from reprise.http.api import READ

FOLDER = Path(__file__).with_name("page")
PAGE = "index.html"
NONCE = "{{nonce}}"
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"


def serve(api: APIGatewayHttpResolver, storage: Callable[[], Sequence[str]]) -> None:
    """`storage` are the origins of the buckets."""

    @api.route("/", READ)
    def lead_to_page() -> Response[str]:
        return Response(302, "text/plain", "", {"Location": "/console", "Cache-Control": A_DAY})

    @api.route("/console", READ, compress=True)
    def read_page() -> Response[str]:
        nonce = secrets.token_urlsafe(16)
        page = files.made(files.read(FOLDER, PAGE).body.replace(NONCE, nonce), ".html")
        return files.answer(api, page, "no-store", policy(nonce, storage()))

    @api.route("/console/<file>", READ, compress=True)
    def read_asset(file: str) -> Response[str]:
        if file == PAGE:
            raise NotFoundError("the page is at /console")
        return files.answer(api, files.read(FOLDER, file), FOR_EVER if "-" in file else A_DAY)


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
