"""What dead letters are about, in a line: never the whole of them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from cli.letters import Letter
from cli.queues import DeadLetters, Way

MOST_NAMED = 3


def contents(queue: DeadLetters, letters: Iterable[Letter]) -> str:
    """`job 3f.. (2), job a0..`: what the most of them are about first, the rest counted."""
    told = Counter(_one(queue, letter) for letter in letters)
    named = [f"{words} ({times} times)" if times > 1 else words for words, times in told.most_common(MOST_NAMED)]
    more = len(told) - len(named)
    return "; ".join(named) + (f"; and {more} others" if more else "")


def _one(queue: DeadLetters, letter: Letter) -> str:
    try:
        told = json.loads(letter.body)
        if queue.way is Way.UPLOAD:
            return _songs(told) + (f": {letter.why[:100]}" if letter.why else "")
        return _line(told) if queue.way is Way.DISPATCH else _work(told)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "something unknown"


def _work(told: Mapping[str, Any]) -> str:
    about = [f"{name} {told[name]}" for name in ("line", "delivery", "number") if name in told]
    return " ".join([f"job {told['job']}", *about])


def _line(told: Mapping[str, Any]) -> str:
    if "unreadable" in told:
        keys = told["keys"]
        what = "change" if keys["sk"]["S"] == "JOB" else keys["sk"]["S"]
        return f"unreadable {what} of job {keys['pk']['S'].removeprefix('JOB#')}: {told['unreadable'][:100]}"
    place = told["DDBStreamBatchInfo"]
    return f"{place['batchSize']} records of the stream from {place['approximateArrivalOfFirstRecord']} on"


def _songs(told: Mapping[str, Any]) -> str:
    return ", ".join(unquote_plus(one["s3"]["object"]["key"]) for one in told["Records"])
