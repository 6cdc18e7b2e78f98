"""How large a storm is, and how long each part of it may take."""

import os
from dataclasses import dataclass
from typing import Self

SEED = 7
SHORT_JOBS = 40


@dataclass(frozen=True, slots=True)
class Scale:
    """All in seconds but `jobs` and `seed`. Orders come for `storm`; `calm` is the hard limit of the wait for the ends
    of all jobs, `quiet` of that for what is still to be told then. `patience` is how long after the storm the client of
    a dialect, who has no deadline of its own, waits for a job; `regrets` how long after it jobs are
    still retried and deleted; `grace` is how long after its deadline a job may end.
    `kills` lie between two kills on an average, `spell` is how long a vendor keeps a mood."""

    jobs: int
    seed: int
    storm: float
    calm: float
    quiet: float
    patience: float
    regrets: float
    grace: float
    kills: float
    spell: float

    @classmethod
    def of(cls, jobs: int, seed: int) -> Self:
        short = jobs <= 2 * SHORT_JOBS
        return cls(
            jobs=jobs,
            seed=seed,
            storm=max(30.0, jobs * 1.1),
            calm=200.0 if short else 420.0,
            quiet=60.0 if short else 180.0,
            patience=62.0 if short else 100.0,
            regrets=25.0,
            grace=180.0 if short else 300.0,
            kills=2.2 if short else 2.5,
            spell=5.0 if short else 10.0,
        )

    @classmethod
    def asked(cls) -> Self:
        """By the environment: `make test-e2e JOBS=300 SEED=7` sets both."""
        return cls.of(int(os.environ.get("STORM_JOBS") or SHORT_JOBS), int(os.environ.get("STORM_SEED") or SEED))

    def deadline(self, since: float) -> int:
        """Of a job that is ordered `since` seconds after the beginning: what comes late has no more than a minute, so
        that all deadlines are over a minute after the storm."""
        return int(min(180.0, max(60.0, self.storm + 60.0 - since)))
