"""The results as a page: the table first, then each row with its picture and what stands behind it."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.gateway.pictures import bars, number
from bench.gateway.row import Row

HEAD = """# What the gateway costs

Written by `make bench`; [docs/performance.md](../docs/performance.md) argues the floors and says what follows.
What is timed is measured beside its floor in the same run, in turns: a figure is a median, a ratio the median of the
rounds' own ratios, a range their least and most. Absolute times are this machine's.
"""


def page(rows: Sequence[Row], seconds: float, pictures: Path, failed: Sequence[str] = ()) -> str:
    """`pictures` is a folder beside the page; those of an earlier run are gone."""
    pictures.mkdir(exist_ok=True)
    for old in pictures.glob("*.svg"):
        old.unlink()
    parts = [HEAD, _circumstances(seconds), table(rows), _missed(rows, failed)]
    for row in rows:
        picture = pictures / f"{slug(row.what)}.svg"
        picture.write_text(row.picture or bars(row))
        shown = f"![{row.what}]({pictures.name}/{picture.name})"
        parts.append("\n\n".join(part for part in (f"## {row.what}", row.note, shown, row.details) if part) + "\n")
    return "\n".join(parts)


def table(rows: Sequence[Row]) -> str:
    lines = ["| what | ours | floor | ratio | range | rounds | goal | |", "|---|---:|---:|---:|---:|---:|---:|---|"]
    for row in rows:
        low, high = (number(one) for one in row.range)
        spread = low if low == high else f"{low} to {high}"
        cells = (
            row.what,
            f"{number(row.ours)} {row.unit}",
            f"{number(row.floor)} {row.unit}",
            f"{number(row.ratio)} x",
            spread,
            row.rounds,
            row.goal,
            "met" if row.met else "**missed**",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def _missed(rows: Sequence[Row], failed: Sequence[str]) -> str:
    missed = [f"- {row.what}: {number(row.ours)} {row.unit}, goal {row.goal}." for row in rows if not row.met]
    broken = [f"- `{one}` could not be measured." for one in failed]
    return "\n".join(["Missed:", "", *missed, *broken, ""]) if missed or broken else "Nothing is missed.\n"


def _circumstances(seconds: float) -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{_processor()}, {cores} cores{load}. The run took {seconds / 60:.1f} minutes.\n"
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.+)$", known.read_text(), re.M) if known.exists() else None
    return found[1].strip() if found else platform.processor() or "a processor that does not say"


def slug(what: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", what.lower()).strip("-")
