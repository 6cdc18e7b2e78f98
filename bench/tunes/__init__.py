"""Melodies in the public domain, as ABC, and their split into those one tunes with and those one is judged by."""

from functools import cache
from pathlib import Path

from bench.tunes.abc import Tune, tunes

HERE = Path(__file__).parent


@cache
def everything() -> tuple[Tune, ...]:
    return tuple(tune for path in sorted(HERE.glob("*.abc")) for tune in tunes(path.read_text(encoding="utf-8")))


@cache
def held_out_titles() -> frozenset[str]:
    return frozenset((HERE / "held-out.txt").read_text(encoding="utf-8").splitlines())


def tuning() -> tuple[Tune, ...]:
    """Those an engine may be tuned with."""
    return tuple(tune for tune in everything() if tune.title not in held_out_titles())


def held_out() -> tuple[Tune, ...]:
    """Those it is judged by; nobody tunes with them."""
    return tuple(tune for tune in everything() if tune.title in held_out_titles())
