"""Files that were made beforehand, handed out to everybody: no API key, no AWS, nothing that changes between deploys.

A file is read when it is first asked for, so that a cold start pays for none. What a browser is told to hold a page to
is its owner's policy; without one, the page has no script and asks nobody else for anything.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.errors import NotFoundError
from reprise.http.api import READ

TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml; charset=utf-8",
}
"""The machine's own table is another on each machine."""

STILL = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages without a script."""

FRESH = "public, max-age=300"
HEADERS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class File(NamedTuple):
    body: str
    kind: str
    tag: str


def serve(api: APIGatewayHttpResolver, folder: Path, prefix: str) -> None:
    """`GET <prefix>` is the folder's `index.html`, if it has one; below it a name without a suffix is a page's."""

    def hand_out() -> Response[str]:
        return answer(api, read(folder, _name(api.current_event.path.removeprefix(prefix))))

    api.route(f"{prefix}/.+", READ, compress=True)(hand_out)
    if (folder / "index.html").exists():
        api.route(prefix, READ, compress=True)(hand_out)


def answer(api: APIGatewayHttpResolver, file: File, cache: str = FRESH, policy: str = STILL) -> Response[str]:
    """304 where the browser has it already (RFC 9110, If-None-Match)."""
    told: dict[str, str | list[str]] = {**HEADERS, "Cache-Control": cache, "Content-Security-Policy": policy}
    told |= {"ETag": file.tag, "Vary": "Accept-Encoding"}
    if file.tag in api.current_event.headers.get("if-none-match", ""):
        return Response(304, body="", headers=told, compress=False)
    return Response(200, file.kind, file.body, told)


@cache
def read(folder: Path, name: str) -> File:
    """Raises NotFoundError for all but the files that lie there."""
    path = _listed(folder).get(name)
    if path is None:
        raise NotFoundError("no such page")
    return made(path.read_text(), path.suffix)


def made(body: str, suffix: str) -> File:
    return File(body, TYPES[suffix], f'W/"{hashlib.sha256(body.encode()).hexdigest()[:16]}"')


def _name(rest: str) -> str:
    name = rest.strip("/") or "index"
    return name if Path(name).suffix else f"{name}.html"


@cache
def _listed(folder: Path) -> Mapping[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in TYPES}
