"""Fetches the song that a buyer's link leads to, as vendors do: from outside, with no right but the URL."""

import io
from urllib.parse import urlsplit

import httpx

DEADLINE = 60.0
MOST_BYTES = 200_000_000


class SourceError(Exception):
    """The song could not be fetched. The message says why, and may hold the URL."""


def fetched(client: httpx.Client, url: str, most: int = MOST_BYTES, seconds: float = DEADLINE) -> bytes:
    """Follows redirects; anything but a 200 with at most so many bytes is an error, and so is silence."""
    body = io.BytesIO()
    try:
        with client.stream("GET", url, timeout=seconds, follow_redirects=True) as reply:
            if reply.status_code != 200:
                raise SourceError(f"HTTP {reply.status_code}")
            for chunk in reply.iter_bytes():
                body.write(chunk)
                if body.tell() > most:
                    raise SourceError(f"more than {most} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(str(error) or type(error).__name__) from error
    return body.getvalue()


def unsigned(url: str) -> str:
    """The URL without query and fragment: a link to one file is signed anew each time it is handed out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
