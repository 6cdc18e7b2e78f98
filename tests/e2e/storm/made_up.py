"""Evidence of a small storm in which every promise was kept: what the judge's test then breaks."""

import hashlib
from typing import Any

from tests.e2e.storm.evidence import Answer, Case, Evidence, Heard, Hook, Json, Ordered, Post, Purchase, Stored

A, B, C, D = (letter * 32 for letter in "abcd")
"""A was refunded by kie and made by aimusicapi; of B nobody knows whether it was taken; D takes over what C bought."""

START = 1_795_200_000.0
TAKES = {
    f"{task}/{take}": hashlib.sha256(f"{task}/{take}".encode()).hexdigest() for task in ("a2", "c1") for take in (1, 2)
}
SIZE = 4000
ALL, OWN, CLIENT = "/all", "/own/1", "/client/2"


def moment(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(START + seconds, UTC).isoformat()


def cover(job: str, state: str, usd: float, **more: Any) -> Json:
    usual = {"state": state, "version": 9, "attempt": 1, "retry_of": None, "deadline_at": moment(60), "tracks": []}
    return {
        "id": job,
        **usual,
        "estimated_usd": usd,
        "task_id": "t",
        "request": {"metadata": {}},
        "failure": None,
        **more,
    }


def timeline(*lines: tuple[float, str, Json, bool]) -> list[Json]:
    """At which second, what, with what, and whether it is an event."""
    made: list[Json] = []
    events = 0
    for number, (at, type, data, public) in enumerate(lines, 1):
        events += public
        words = f"About to call {data['to']}" if "to" in data else "as it is"
        kept = {name: value for name, value in data.items() if name != "to"}
        event = events if public else None
        line = {"sequence": number, "at": moment(at), "type": type, "message": words, "state": "", "event": event}
        made.append({**line, "data": kept})
    return made


def keeps(task: str, at: float) -> list[tuple[float, str, Json, bool]]:
    return [
        (at, "track.kept", {"number": take, "size": SIZE, "sha256": TAKES[f"{task}/{take}"]}, False) for take in (1, 2)
    ]


def tracks(task: str) -> list[Json]:
    return [{"number": n, "status": "kept", "sha256": TAKES[f"{task}/{n}"], "bytes": SIZE} for n in (1, 2)]


def objects(task: str, at: float) -> dict[str, Stored]:
    audio = {f"{n}-{TAKES[f'{task}/{n}'][:12]}-0.mp3": Stored(SIZE, TAKES[f"{task}/{n}"], START + at) for n in (1, 2)}
    return {**audio, "cover.json": Stored(10, "0" * 64, START + at)}


def played(task: str) -> dict[int, str]:
    return {n: TAKES[f"{task}/{n}"] for n in (1, 2)}


def cases() -> list[Case]:
    told: list[tuple[float, str, Json, bool]] = [
        (1, "submit.intended", {"attempt": 1, "to": "kie"}, False),
        (2, "submit.accepted", {"attempt": 1}, False),
        (2, "cover.submitted", {}, True),
        (3, "callback.failed", {}, False),
        (3, "cover.switched", {}, True),
        (4, "submit.intended", {"attempt": 2, "to": "aimusicapi"}, False),
        (5, "callback.complete", {}, False),
        (5, "cover.submitted", {}, True),
        *keeps("a2", 7),
        (8, "cover.succeeded", {"tracks": [1, 2]}, True),
    ]
    a = Case(A, 1, cover(A, "succeeded", 0.12, attempt=2, tracks=tracks("a2")), timeline(*told))
    a.objects, a.played = objects("a2", 7), played("a2")
    b = Case(
        B,
        2,
        cover(B, "failed", 0.06, failure={"reason": "submit-unknown"}, request={"callback_url": f"http://x{CLIENT}"}),
        timeline(
            (1, "submit.intended", {"attempt": 1, "to": "kie"}, False),
            (2, "submit.unknown", {}, False),
            (61, "cover.failed", {}, True),
        ),
    )
    c = Case(
        C,
        3,
        cover(C, "failed", 0.06, failure={"reason": "deadline"}),
        timeline(
            (1, "submit.intended", {"attempt": 1, "to": "kie"}, False),
            (2, "submit.accepted", {"attempt": 1}, False),
            (2, "cover.submitted", {}, True),
            (61, "cover.failed", {}, True),
        ),
    )
    taken_over: list[tuple[float, str, Json, bool]] = [
        (70, "cover.submitted", {"adopted": True}, True),
        (70, "job.adopted", {}, False),
        (71, "poll.complete", {}, False),
        *keeps("c1", 72),
        (73, "cover.succeeded", {"tracks": [1, 2]}, True),
    ]
    d = Case(
        D,
        3,
        cover(D, "succeeded", 0.0, retry_of=C, deadline_at=moment(130), tracks=tracks("c1")),
        timeline(*taken_over),
    )
    d.objects, d.played = objects("c1", 72), played("c1")
    return [a, b, c, d]


def bought() -> list[Purchase]:
    return [
        Purchase("kie", "a1", START + 1.5, A, 1, 12, 12, "failed 531"),
        Purchase("aimusicapi", "a2", START + 4.5, A, 2, 10, 0, "complete"),
        Purchase("kie", "c1", START + 1.5, C, 1, 12, 0, "complete", "hang"),
    ]


def evidence() -> Evidence:
    """Nothing is wrong with it."""
    found = Evidence(cases=cases(), purchases=bought(), prices={"kie": 0.06, "aimusicapi": 0.06})
    found.orders = [
        Ordered(1, True, posts=2, answers=[Answer(500, False), Answer(202, True, A)]),
        Ordered(2, True, "kie", posts=1, answers=[Answer(200, True)]),
        Ordered(3, False, posts=1, answers=[Answer(202, True, C)]),
    ]
    found.made = {task: {TAKES[f"{task}/{take}"]: SIZE for take in (1, 2)} for task in ("a2", "c1")}
    found.hooks = [Hook("e1", ALL), Hook("job", OWN, ("cover.succeeded",), frozenset({A}))]
    for case in found.cases:
        log: list[Json] = []
        for line in case.events:
            body = {"id": f"{case.id}-{line['event']}", "type": line["type"], "job": case.id, "sequence": line["event"]}
            body |= {"data": line["data"]}
            at = START + float(line["sequence"])
            there = list(case.objects) if line["type"] == "cover.succeeded" else None
            found.heard.append(Heard(START + 100 + at - START, body, there))
            for hook in found.hooks:
                if hook.wants(case.id, line["type"]):
                    found.posts.append(Post(at + 100, hook.path, body["id"], body, 200, genuine=True))
                    log.append({"webhook": hook.id, "event": {"sequence": line["event"]}, "state": "delivered"})
        case.deliveries = {"deliveries": log, "callbacks": []}
    found.cases[1].deliveries["callbacks"] = [{"about": "error", "status": 200}]
    found.posts.append(Post(START + 62, CLIENT, "", {"code": 500}, 200, genuine=True))
    return found
