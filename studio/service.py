"""The studio as a service: `python -m studio.service`, its settings in the environment (`server/settings.py`).

Its first line on stdout is JSON with the `url` that it answers at.
"""

import contextlib
import json
import logging
import os
import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import uvicorn
from starlette.applications import Starlette

from studio.server.database import Database
from studio.server.engine import load
from studio.server.outbox import Outbox
from studio.server.sender import Sender
from studio.server.settings import Settings
from studio.server.store import Store, Tells
from studio.server.task import Task, document
from studio.server.web import Routes
from studio.server.workers import WORK, Workers

BACKLOG = 128
ROWS_DAYS = 7
"""Days that the record of a task outlives its end: what its Idempotency-Key and its status stand for."""

SWEEP_SECONDS = 60.0

logger = logging.getLogger("studio")


def serve(settings: Settings) -> None:
    """Returns after SIGTERM or SIGINT. Raises OSError where the port is taken, sqlite3.OperationalError the home."""
    listener = socket.create_server((settings.host, settings.port), backlog=BACKLOG)
    url = f"http://{settings.host}:{listener.getsockname()[1]}"
    settings = replace(settings, public_url=settings.public_url or url)
    files = settings.home / "files"
    files.mkdir(parents=True, exist_ok=True)
    base = Database(settings.home / "tasks.sqlite3")
    outbox = Outbox(base)
    store = Store(base, outbox, _teller(settings))
    workers, sender = Workers(settings, store, files), Sender(settings, outbox)

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        taken_up = store.recover()
        outbox.recover()
        workers.start()
        sender.start()
        threading.Thread(target=_sweep, args=(settings, store), daemon=True).start()
        logger.info("serving, %d tasks taken up again", taken_up)
        print(json.dumps({"url": url}), flush=True)  # noqa: T201 - whoever started us waits for it
        yield
        sender.stop()
        workers.stop()
        base.close()

    engine = load(settings.engine)
    engine.voices()  # what it takes to list them is loaded now, and not in the first caller's time
    app = Routes(settings, store, outbox, workers, engine, files).app(life)
    config = uvicorn.Config(app, access_log=False, log_level="warning", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listener])  # an access log would hold the files' links


def _teller(settings: Settings) -> Tells:
    def tell(type: str, task: Task) -> bytes:
        told = {"type": type, **document(task, settings.public_url, settings.keep_hours)}
        return json.dumps(told, ensure_ascii=False).encode()

    return tell


def _sweep(settings: Settings, store: Store) -> None:
    """Ended tasks lose their files after `keep_hours`, and their records days after that."""
    keep = settings.keep_hours * 3600
    while True:
        with contextlib.suppress(OSError, sqlite3.Error):
            store.sweep(time.time() - keep, time.time() - keep - ROWS_DAYS * 86_400)
            for folder in (settings.home / "files").iterdir():
                task = store.get(folder.name)
                if folder.name != WORK and (task is None or not task.kept):
                    shutil.rmtree(folder, ignore_errors=True)
        time.sleep(min(SWEEP_SECONDS, keep / 4 + 0.05))


def main() -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs whole URLs
    try:
        settings = Settings.load(os.environ)
    except ValueError as error:
        logger.error("%s", error)
        return 2
    serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
