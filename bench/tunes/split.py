"""Wrote held-out.txt, once: `python -m bench.tunes.split` prints what the rule gives.

Tunes are grouped by metre (two or four beats, three beats, beats of three parts) and mode (major, minor, other). Within
a group they stand in the order of the SHA-256 of their titles, the groups in alphabetical order; every second of the
whole row is held out. So both halves have as many of each kind, and nobody chose which.
"""

from hashlib import sha256

from bench.tunes import everything
from bench.tunes.abc import Tune


def group(tune: Tune) -> tuple[str, str]:
    metre = "compound" if tune.beat.denominator == 2 else "three" if tune.metre[0] == 3 else "two or four"
    return metre, {"": "major", "m": "minor"}.get(tune.mode, "other")


def held_out_by_the_rule() -> list[str]:
    row = sorted(everything(), key=lambda tune: (group(tune), sha256(tune.title.encode()).hexdigest()))
    return sorted(tune.title for tune in row[1::2])


if __name__ == "__main__":
    print("\n".join(held_out_by_the_rule()))
