"""One cover from beginning to end: start everything, upload a song, watch, save the takes, stop."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
from reprise.client import ApiError, Reprise, ServerError, UnreachableError
from reprise.client.wish import Wish

from local.checks import title_of, usable_out, usable_song, usable_style
from local.errors import LocalError
from local.show import Progress, note, summary
from local.stack import HOME, Stack, running_stack
from local.studio import installed, python
from local.vendors import STUDIO, VENDORS

if TYPE_CHECKING:
    from reprise.http.shapes.covers import Cover


def demo(
    song: str | None,
    style: str,
    out: Path,
    *,
    provider: str | None = None,
    pace: float = 1.0,
    home: Path = HOME / "demo",
) -> int:
    """0 if the takes are in `out`, else 1."""
    provider = provider or _usual()
    path = usable_song(song) if song else None
    style, out = usable_style(style), usable_out(out)
    path, title = (path, title_of(path)) if path else own_song(home)
    note("Starting an AWS of your own, without an account: about five seconds.")
    own = provider == STUDIO
    if own and not installed():
        raise LocalError(
            "The studio is not installed.", "see what `make demo` says about .venv-studio, or PROVIDER=kie"
        )
    fakes = () if own else (provider,)
    with running_stack(home, pace=pace, simulators=fakes, studio=own, takes=python()) as running:
        note(f"The API answers at {running.stack.api_url}")
        with told_in_words(home), Reprise(running.stack.api_url, running.stack.api_key) as client:
            done = cover(client, path, wish(client, running.stack, provider, title, style))
            entries = client.covers.timeline(done["id"])
            files = client.covers.save(done, out) if done["state"] == "succeeded" else []
    summary(dict(done), [dict(entry) for entry in entries], files)
    note("This stack has stopped again. `make up` starts one that stays, with a page to listen on.")
    return 0 if files else 1


def _usual() -> str:
    """The studio, which makes real music; a fake where its packages could not be installed."""
    if installed():
        return STUDIO
    note("The studio is not installed (.venv-studio): a fake of kie.ai makes the takes instead.")
    return VENDORS[0]


def cover(client: Reprise, song: Path, wish: Wish) -> "Cover":
    """Upload, order, and watch until the job is over."""
    with Progress(f"{wish.get('title', song.stem)} as {wish.get('style', 'another voice')}") as progress:
        made = client.covers.create(song, **wish)
        return client.covers.wait(made["id"], on_stage=lambda now: progress.show(dict(now)))


def wish(client: Reprise, stack: Stack, provider: str, title: str, style: str) -> Wish:
    """What this provider can be asked for. One that swaps voices takes no style: the first voice of its list sings."""
    known = {one["provider"]: one for one in client.providers()}[provider]
    wishes: dict[str, Any] = {"style": style, "title": title, "instrumental": True}
    asked = {name: value for name, value in wishes.items() if name in known["fields"]}
    voice = {"voice": _voice(stack)} if "voice" in known["required"] else {}
    return cast("Wish", {"provider": provider, **asked, **voice})


def _voice(stack: Stack) -> str:
    """Only MusicGPT's own words tell its voices."""
    answer = httpx.get(
        f"{stack.api_url}/musicgpt/getAllVoices", headers={"Authorization": stack.api_key}, trust_env=False
    )
    return str(answer.raise_for_status().json()["voices"][0]["voice_id"])


@contextlib.contextmanager
def told_in_words(home: Path) -> Iterator[None]:
    """What the API or the disk refuses, as people of the local run read it."""
    try:
        yield
    except ApiError as error:
        ours = isinstance(error, ServerError | UnreachableError)
        raise LocalError(str(error), f"{home / 'logs'} says more" if ours else error.mend) from error
    except OSError as error:
        raise LocalError(f"A take could not be saved: {error}", "make room, or give OUT") from error


def own_song(home: Path) -> tuple[Path, str]:
    from local.song import TITLE, render

    path = home / "song.mp3"
    path.parent.mkdir(parents=True, exist_ok=True)
    render(path)
    return path, TITLE
