"""One song in a process of its own: `python -m studio.server.worker`, the order as a line on stdin.

It tells of what it has made in lines of JSON on what was its stdout; libraries that print go to stderr. It ends with
its stdin, which the service holds open: a service that was killed leaves no worker behind.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TextIO

from reprise.domain.audio import MOST_SOURCE_BYTES, audio_type
from reprise.errors import FetchError, PassingFetchError, TooMuchAudioError

from studio.server.asked import Asked
from studio.server.bounds import bind
from studio.server.engine import Made, RefusedError, load
from studio.server.settings import Network

PAUSES = (1.0, 4.0)
"""Seconds before a source that may be there a moment later is asked for again."""

Line = Callable[[Mapping[str, Any]], None]


def main() -> None:
    say = _line_of(_own_stdout())
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    bind(order["memory_mb"])
    try:
        work(order, say)
        say({"done": True})
    except RefusedError as error:
        say({"failed": error.code, "message": str(error)})
    except MemoryError:
        say({"failed": "too_much_memory", "message": f"more than {order['memory_mb']} MB would be needed"})


def work(order: Mapping[str, Any], say: Line) -> None:
    """Raises RefusedError for a song that cannot be had or cannot be covered."""
    out, asked = Path(order["out"]), Asked(**order["asked"])
    networks = tuple(map(ip_network, order["networks"]))
    song = out / "source"
    fetch(asked.source_url, song, networks)

    def tell(stage: str, made: Made) -> None:
        say({"stage": stage, "made": asdict(made)})

    load(order["engine"]).cover(song, asked, order["seed"], out, tell)


def fetch(url: str, path: Path, networks: tuple[Network, ...]) -> None:
    """By the gateway's rules for URLs from outside. What does not begin like audio is not shown to any decoder: some
    would open what a playlist names."""
    from reprise.net.fetch import GuardedFetcher

    fetcher = GuardedFetcher(networks)
    for pause in (*PAUSES, None):
        try:
            head = fetcher.fetch(url, path, MOST_SOURCE_BYTES).head
            break
        except TooMuchAudioError as error:
            raise RefusedError("too_large", f"the source: {error}") from error
        except FetchError as error:
            if pause is None or not isinstance(error, PassingFetchError):
                raise RefusedError("source_unfetchable", f"the source: {error}") from error
            time.sleep(pause)
    if audio_type(head) is None:
        raise RefusedError("not_audio", "the source does not begin like mp3, wav, flac, ogg, m4a or aac")


def _own_stdout() -> TextIO:
    """The pipe to the service, which nobody else can write to from now on."""
    mine = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return mine


def _line_of(pipe: TextIO) -> Line:
    def say(message: Mapping[str, Any]) -> None:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    return say


def _end_with_stdin() -> None:
    """Read from the descriptor: the text layer above it has a lock that the end of the process would wait for."""
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
