"""The judge is not blind: of evidence with one thing wrong it says what, and to whom; of good evidence nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.storm.evidence import Answer, Case, Evidence, Json, Post, Stored
from tests.e2e.storm.gather import order_of
from tests.e2e.storm.judge import RULES, judge
from tests.e2e.storm.made_up import ALL, CLIENT, OWN, SIZE, START, TAKES, A, B, C, D, bought, evidence, moment
from tests.e2e.storm.orders import orders
from tests.e2e.storm.scale import Scale

Defect = Callable[[Evidence], Any]


def case(found: Evidence, job: str) -> Case:
    return next(one for one in found.cases if one.id == job)


def line(found: Evidence, job: str, type: str) -> Json:
    return next(one for one in case(found, job).timeline if one["type"] == type)


def drop_line(found: Evidence, job: str, type: str) -> None:
    case(found, job).timeline.remove(line(found, job, type))


def posts(found: Evidence, path: str) -> list[Post]:
    return [post for post in found.posts if post.path == path]


def heard(found: Evidence, job: str, type: str) -> Any:
    return next(one for one in found.heard if (one.body["job"], one.body["type"]) == (job, type))


def put(of: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(of, name, value)


def twice(rows: list[Any], number: int) -> None:
    rows.append(rows[number])


DEFECTS: dict[str, tuple[str, str, Defect]] = {
    "a job that never ends": ("ended", "is still running", lambda e: case(e, A).cover.update(state="running")),
    "a job that ends late": (
        "ended",
        "after its deadline",
        lambda e: line(e, C, "cover.failed").update(at=moment(400)),
    ),
    "a client that gave up without a reason": (
        "ended",
        "gave up",
        lambda e: put(case(e, C), gave_up="archiving"),
    ),
    "a client whose job was forgotten in the queue": ("ended", "gave up", lambda e: put(case(e, C), gave_up="queued")),
    "an order without a job": ("orders", "there is no job", lambda e: put(case(e, B), order=3)),
    "a repeated key that made two jobs": ("orders", "came to 2 jobs", lambda e: put(case(e, C), order=1)),
    "a job that nobody ordered": ("orders", "nobody ordered it", lambda e: put(case(e, B), order=None)),
    "a caller who was told of another job": (
        "orders",
        "does not exist",
        lambda e: e.orders[0].answers.append(Answer(202, True, "f" * 32)),
    ),
    "two retries of one job": ("orders", "retried by 2", lambda e: case(e, B).cover.update(retry_of=C)),
    "a retry of what succeeded": (
        "orders",
        "succeeded, and was retried",
        lambda e: case(e, D).cover.update(retry_of=A),
    ),
    "a purchase of nobody's": ("paid", "no job explains it", lambda e: put(e.purchases[2], job="f" * 32)),
    "a purchase without an intent": ("paid", "does not explain", lambda e: drop_line(e, C, "submit.intended")),
    "a purchase before its intent": (
        "paid",
        "does not explain",
        lambda e: line(e, C, "submit.intended").update(at=moment(9)),
    ),
    "a purchase at another vendor": (
        "paid",
        "does not explain",
        lambda e: put(e.purchases[2], provider="aimusicapi"),
    ),
    "an attempt that was paid twice": ("paid", "was paid 2 times", lambda e: twice(e.purchases, 2)),
    "a second attempt while the first lives": (
        "paid",
        "may be alive",
        lambda e: put(e.purchases[0], outcome="complete"),
    ),
    "a second attempt without a refusal": ("paid", "may be alive", lambda e: drop_line(e, A, "callback.failed")),
    "an estimate that is not charged": ("money", "estimated", lambda e: case(e, A).cover.update(estimated_usd=0.06)),
    "an answer of a vendor that sold nothing": ("money", "sold nothing", lambda e: e.purchases.pop(2)),
    "a refusal that was charged": (
        "money",
        "refused, and yet bought",
        lambda e: line(e, C, "submit.accepted").update(type="submit.refused"),
    ),
    "a track that is not there": (
        "audio",
        "not in the bucket",
        lambda e: case(e, A).objects.pop(f"1-{TAKES['a2/1'][:12]}-0.mp3"),
    ),
    "a track with other bytes": (
        "audio",
        "is not the 4000 bytes",
        lambda e: case(e, A).objects.update({f"1-{TAKES['a2/1'][:12]}-0.mp3": Stored(SIZE, "0" * 64, START)}),
    ),
    "a track that is cut off": (
        "audio",
        "is not the 4000 bytes",
        lambda e: case(e, A).objects.update({f"1-{TAKES['a2/1'][:12]}-0.mp3": Stored(SIZE - 1, TAKES["a2/1"], START)}),
    ),
    "a link that gives another track": (
        "audio",
        "link of track 1 gives something else",
        lambda e: case(e, A).played.update({1: TAKES["a2/2"]}),
    ),
    "a timeline that tells of other bytes": (
        "audio",
        "tells of other bytes",
        lambda e: line(e, A, "track.kept")["data"].update(size=1),
    ),
    "a track that no vendor made": ("audio", "nothing that a vendor made", lambda e: e.made["a2"].clear()),
    "another job's track": ("audio", "nothing that a vendor made", lambda e: e.made.update(a2=e.made["c1"])),
    "one take under two numbers": (
        "audio",
        "the same take",
        lambda e: case(e, A).cover["tracks"][1].update(sha256=TAKES["a2/1"]),
    ),
    "audio that nobody knows": (
        "audio",
        "is no track of it",
        lambda e: case(e, A).objects.update({"3-x.mp3": Stored(SIZE, "1" * 64, START)}),
    ),
    "a success without audio": ("audio", "nothing kept", lambda e: case(e, A).cover.update(tracks=[])),
    "a success without its cover.json": (
        "audio",
        "without its cover.json",
        lambda e: case(e, A).objects.pop("cover.json"),
    ),
    "a deleted job's audio": (
        "audio",
        "still there",
        lambda e: put(case(e, A), deleted=True, left=["1-x.mp3"]),
    ),
    "an event before its audio": (
        "too early",
        "[1, 2] was not there",
        lambda e: put(heard(e, A, "cover.succeeded"), found=["cover.json"]),
    ),
    "an event before its cover.json": (
        "too early",
        "its cover.json was not there",
        lambda e: heard(e, A, "cover.succeeded").found.remove("cover.json"),
    ),
    "audio that came after its event": (
        "too early",
        "after cover.succeeded",
        lambda e: setattr(next(iter(case(e, A).objects.values())), "modified", START + 999),
    ),
    "an event that the topic never told": ("events", "the topic told", lambda e: e.heard.pop(0)),
    "an event that was never written": ("events", "the topic told", lambda e: drop_line(e, A, "cover.switched")),
    "an event told in two ways": (
        "events",
        "two ways",
        lambda e: e.heard.append(type(e.heard[0])(START, {**e.heard[0].body, "data": {"other": 1}})),
    ),
    "an event with another's id": ("events", "has the id", lambda e: e.heard[0].body.update(id=f"{A}-9")),
    "a gap in the numbers": ("events", "are numbered", lambda e: line(e, A, "cover.succeeded").update(event=9)),
    "an event after the end": (
        "events",
        "ended with the events",
        lambda e: case(e, C).timeline.append({**line(e, C, "cover.submitted"), "event": 3}),
    ),
    "two ends": (
        "events",
        "ended with the events",
        lambda e: case(e, C).timeline.append({**line(e, C, "cover.failed"), "event": 3}),
    ),
    "an end that is not told as it is": ("events", "was told as", lambda e: case(e, C).cover.update(state="canceled")),
    "an event of no job": ("events", "does not exist", lambda e: e.heard[0].body.update(job="f" * 32)),
    "a webhook that nobody got": ("webhooks", "nobody ever got", lambda e: e.posts.remove(posts(e, OWN)[0])),
    "a webhook that was never taken": (
        "webhooks",
        "nobody ever got",
        lambda e: put(posts(e, ALL)[0], answered=503),
    ),
    "a webhook that the log does not know": (
        "webhooks",
        "the log has nothing",
        lambda e: case(e, A).deliveries["deliveries"].pop(),
    ),
    "a forged webhook": ("webhooks", "signature", lambda e: put(posts(e, ALL)[0], genuine=False)),
    "a webhook in other words": (
        "webhooks",
        "in other words",
        lambda e: put(posts(e, ALL)[0], body={**posts(e, ALL)[0].body, "data": {"other": 1}}),
    ),
    "a webhook about an event that was not told": (
        "webhooks",
        "never told",
        lambda e: put(posts(e, ALL)[0], id=f"{A}-99"),
    ),
    "a webhook that nobody asked for": (
        "webhooks",
        "did not ask for",
        lambda e: put(e.hooks[0], events=("cover.first",)),
    ),
    "an endpoint that is called after its 410": (
        "webhooks",
        "after it had said 410",
        lambda e: put(posts(e, ALL)[0], answered=410) or put(posts(e, ALL)[-1], at=START + 999),
    ),
    "an endpoint that is off, and nobody knows": (
        "webhooks",
        "nobody was told that it is off",
        lambda e: put(e.hooks[0], gone=True) or put(posts(e, ALL)[0], answered=410),
    ),
    "an endpoint that is off without a reason": (
        "webhooks",
        "without a reason",
        lambda e: e.notices.append({"type": "webhook.disabled", "webhook": "e1"}),
    ),
    "a client that never hears the end": (
        "clients",
        "never told error",
        lambda e: case(e, B).deliveries["callbacks"][0].update(status=503),
    ),
    "a client that hears the stages backwards": (
        "clients",
        "its client heard",
        lambda e: case(e, B).deliveries["callbacks"].append({"about": "text", "status": 200}),
    ),
    "a client that got nothing of what the log says": (
        "clients",
        "it got nothing",
        lambda e: e.posts.remove(posts(e, CLIENT)[0]),
    ),
    "a dead letter": ("dead letters", "1 of Transfer", lambda e: e.dead_letters.update(Transfer=1)),
    "a secret in a log": (
        "secrets",
        "SubmitFunction.log",
        lambda e: e.told.append(("SubmitFunction.log", "the API key")),
    ),
}


def test_nothing_is_wrong_with_good_evidence() -> None:
    assert judge(evidence()) == []


@pytest.mark.parametrize("name", DEFECTS)
def test_the_judge_names(name: str) -> None:
    rule, words, spoil = DEFECTS[name]
    spoiled = evidence()
    spoil(spoiled)
    findings = judge(spoiled)
    assert [one for one in findings if one.rule == rule and words in one.words], findings


def test_every_rule_finds_one_of_them() -> None:
    for rule in RULES:
        spoiled = []
        for _, _, spoil in DEFECTS.values():
            one = evidence()
            spoil(one)
            spoiled.append(one)
        assert any(list(rule(one)) for one in spoiled), rule.__name__


def test_what_only_looks_wrong_is_let_pass() -> None:
    chosen = evidence()  # the caller chose to risk a second purchase
    chosen.purchases[0] = bought()[0]
    chosen.purchases[0].outcome, chosen.purchases[0].refunded = "complete", 0
    case(chosen, A).cover["request"]["when_unknown"] = "resubmit"
    line(chosen, A, "callback.failed")["type"] = "submit.repeated"
    down = evidence()  # an endpoint that was down throughout
    down.hooks[0].down = True
    for post in posts(down, ALL):
        post.answered = 503
    again = evidence()  # at least once may be twice
    twice(again.posts, 0)
    twice(again.heard, 0)
    stuck = evidence()  # a client that gave up a task which never ends
    case(stuck, C).gave_up = "running"
    stuck.purchases[2].outcome = "stuck"
    assert [judge(one) for one in (chosen, down, again, stuck)] == [[], [], [], []]


@pytest.mark.parametrize(
    "request_",
    [
        {"metadata": {"order": "17"}, "source": {}},
        {"prompt": "a waltz, order 17", "source": {}},
        {"callback_url": "http://127.0.0.1:1/client/17", "source": {}},
        {"title": "Order 17", "source": {"object": "inbox/order-17.mp3"}},
    ],
)
def test_a_job_says_which_order_it_is(request_: Json) -> None:
    assert order_of({"request": request_}) == 17


def test_the_mischief_is_the_seeds_alone() -> None:
    assert orders(Scale.of(40, 7)) == orders(Scale.of(40, 7))
    assert orders(Scale.of(40, 7)) != orders(Scale.of(40, 8))
