"""How long to wait after a lost race: ever longer, and another time for each job, so that what collided does not
collide again. A key's jobs all write to its one purse."""

FIRST = 0.025
LONGEST = 0.8


def pause(job_id: str, race: int) -> float:
    """Seconds after the lost race number `race`, from 0."""
    return min(FIRST * (1 << race), LONGEST) * (1 + _share(job_id))


def _share(job_id: str) -> float:
    """0..1."""
    return int(job_id[:4], 16) / 0xFFFF
