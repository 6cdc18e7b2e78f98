"""Lives of jobs: random facts driven through the state machine, so that every state with all its fields occurs."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from reprise.domain.advance import Record, Submit, advance, begin
from reprise.domain.create import create, enqueue
from reprise.domain.facts import (
    Accepted,
    Broke,
    CancelAsked,
    Fact,
    Kept,
    Pending,
    Progress,
    Refused,
    Unknown,
    Unusable,
    Via,
)
from reprise.domain.job import Change, ErrorClass, KeptFile, Leg, ProviderError, Rhythm, Stage, Take
from reprise.domain.observe import observe
from reprise.domain.purse import Purse
from reprise.domain.request import CoverRequest, Output, Source, WhenUnknown

from tests.factories import NOW

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
maybe = st.none() | words
weights = st.none() | st.integers(0, 100).map(lambda hundredths: hundredths / 100)
attempts = st.sampled_from([1, 1, 1, 1, 2])
vias = st.sampled_from(Via)
numbers = st.sampled_from([1, 2])
task_ids = st.sampled_from(["task-1", "task-1", "task-1", None, "task-2"])
urls = st.lists(st.sampled_from(["https://m.example/1.mp3", "https://m.example/2.mp3"]), max_size=2).map(tuple)

sources = st.builds(Source, url=st.just("https://songs.example/a.mp3")) | st.builds(Source, key=words)
outputs = st.none() | st.builds(
    Output, format=maybe, sample_rate=st.none() | st.just(44_100), bitrate=st.none() | st.just(320_000)
)
requests = st.builds(
    CoverRequest,
    source=sources,
    providers=st.just(("kie",)),
    model=maybe,
    prompt=maybe,
    lyrics=maybe,
    style=maybe,
    title=maybe,
    instrumental=st.booleans(),
    negative_style=maybe,
    vocal_gender=maybe,
    style_weight=weights,
    weirdness=weights,
    audio_weight=weights,
    voice=maybe,
    pitch=st.none() | st.integers(-12, 12),
    output=outputs,
    deadline=st.integers(60, 86_400),
    strict=st.booleans(),
    when_unknown=st.sampled_from(WhenUnknown),
    metadata=st.dictionaries(words, words, max_size=2),
)
errors = st.builds(ProviderError, kind=st.sampled_from(ErrorClass), code=words, message=words)
takes = st.builds(
    Take,
    id=st.sampled_from(["", "clip-1", "clip-2"]),
    urls=urls,
    title=maybe,
    seconds=st.none() | st.floats(1, 500, allow_nan=False),
    image_url=maybe,
)
files = st.builds(
    KeptFile,
    key=words,
    size=st.integers(1, 10**9),
    sha256=words,
    seconds=st.floats(1, 500, allow_nan=False),
    content_type=words,
)
progress = st.builds(
    Progress,
    attempt=attempts,
    via=vias,
    stage=st.sampled_from([Stage.TEXT, Stage.FIRST, Stage.COMPLETE, Stage.COMPLETE]),
    task_id=task_ids,
    takes=st.lists(takes, max_size=3).map(tuple),
    lyrics=maybe,
)
legs_ahead = st.builds(
    Leg,
    provider=st.sampled_from(["kie", "sunoapi", "aimlapi"]),
    usd=st.sampled_from([0.06, 0.195]),
    model=maybe,
    dropped=st.lists(words, max_size=2).map(tuple),
    rhythm=st.builds(Rhythm, first=st.integers(1, 200), every=st.integers(1, 60), pushes=st.booleans()),
)
facts: st.SearchStrategy[Fact] = st.one_of(
    progress,
    progress,
    st.builds(Kept, attempt=attempts, number=numbers, tries=st.integers(0, 4), file=files),
    st.builds(Kept, attempt=attempts, number=numbers, tries=st.integers(0, 1), file=files),
    st.builds(Unusable, attempt=attempts, number=numbers, tries=st.integers(0, 4), reason=words),
    st.builds(Pending, attempt=attempts, message=words),
    st.builds(Accepted, attempt=attempts, task_id=st.just("task-1"), eta=st.none() | st.integers(1, 90)),
    st.builds(Unknown, attempt=attempts, message=words),
    st.builds(Refused, attempt=attempts, error=errors),
    st.builds(Broke, attempt=attempts, via=vias, error=errors, task_id=task_ids),
    st.builds(CancelAsked),
)
purses = st.none() | st.just(Purse("0123456789ab", "2026-11", 1000.0))
AT_ONCE = "look after it"


@st.composite
def lives(draw: Any) -> list[Change]:
    """The changes of one job from its creation on, none of them empty."""
    legs = tuple(draw(st.lists(legs_ahead, min_size=1, max_size=3, unique_by=lambda leg: leg.provider)))
    first = enqueue(create("0" * 32, "owner", draw(requests), legs, NOW, draw(words), draw(purses)), NOW)
    changes, now = [first], NOW
    for what in draw(st.lists(facts | st.just(AT_ONCE), max_size=14)):
        now += timedelta(seconds=draw(st.sampled_from([0, 1, 61, 400])))
        job = changes[-1].job
        changes += [change for change in [_next(changes, what, now)] if change and not change.empty]
        assert changes[-1].job.version in (job.version, job.version + 1)
    return changes


def _next(changes: list[Change], what: Fact | str, now: Any) -> Change | None:
    job = changes[-1].job
    if not isinstance(what, str) and job.attempt:
        return observe(job, what, now)
    match advance(job, now):
        case Submit():
            return begin(job, now)
        case Record(change):
            return change
    return None
