"""The end of a run."""


class BrokenError(BaseException):
    """An invariant does not hold: `job` is the one to look at. No Exception, so that nothing swallows it."""

    def __init__(self, job: str, words: str) -> None:
        super().__init__(words)
        self.job, self.words = job, words
