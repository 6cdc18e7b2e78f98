"""The house on moto, and its buckets, at an address of this machine: for commands that are processes of their own."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx

from tests.client.world import World
from tests.stack import PUBLIC_URL

BUCKET = re.compile(rb"https://([\w.-]+\.s3[\w.-]*\.amazonaws\.com)")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """What was asked is no output of the tests."""


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address. Links into buckets lead to it too."""
    with make_server("127.0.0.1", 0, lambda *_: [], handler_class=Quiet) as server:
        here = f"http://127.0.0.1:{server.server_port}"
        server.set_app(_application(world, here))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()


def _application(world: World, here: str) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        told = world.answer(_request(environ))
        body = BUCKET.sub(rf"{here}/bucket/\1".encode(), told.read())
        kept = [(name, value) for name, value in told.headers.items() if name not in ("content-length", "location")]
        start(f"{told.status_code} {told.reason_phrase}", kept)
        return [body]

    return answer


def _request(environ: dict[str, Any]) -> httpx.Request:
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    place = f"https://{path.removeprefix('/bucket/')}" if path.startswith("/bucket/") else PUBLIC_URL + path
    names = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    names |= {"Content-Type": environ.get("CONTENT_TYPE", "")}
    names.pop("HOST", None)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return httpx.Request(environ["REQUEST_METHOD"], f"{place}?{query}", headers=names, content=body)
