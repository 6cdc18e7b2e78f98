"""The studio's service as docs/studio-service.md has it; tests/studio/service holds the service to the same."""

from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.domain.request import Output

from tests.contract.vendors.samples import NOTHING, RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

MP3 = "https://studio.example.net/files/a41f/nWq3v0Yk7cT1bZ9sLx5eRg2u/take-{}.mp3"
PAGE = b"<html><body>502 Bad Gateway</body></html>"
TAKES = [
    {"id": f"{TASK}-{number}", "title": "Fog", "audio_url": MP3.format(number), "seconds": 36.05} for number in (1, 2)
]
FILES = [{"kind": "midi", "url": "https://studio.example.net/files/a/b/take-1.mid"}, {"kind": "picture", "url": "x"}]
REPORT = {"key": "F major", "tempo": 100.2, "chart": "1 | F | C7 |", "understood": ["style: Lo-fi", "mood: soft"]}


def task(status: str = "queued", stage: str = "none", takes: Any = (), **more: Any) -> dict[str, Any]:
    known = {"task_id": TASK, "status": status, "stage": stage, "report": REPORT if stage != "none" else {}}
    return {**known, "takes": list(takes), "files": FILES if takes else [], "error": None, **more}


def refusal(code: str, words: str = "no") -> dict[str, Any]:
    return {"error": {"code": code, "message": words}}


def failed(code: str = "worker_died", words: str = "the worker ended twice") -> dict[str, Any]:
    return task("failed", error={"code": code, "message": words})


def told(type: str, **rest: Any) -> dict[str, Any]:
    return {"type": type, **rest}


TEXT = told("text", **task("running", "text"))
FIRST = told("first", **task("running", "first", TAKES[:1]))
COMPLETE = told("complete", **task("succeeded", "complete", TAKES))
FAILED = told("failed", **failed())
DONE = Means(Stage.COMPLETE, 2)
LOST = refusal("no_such_task", "there is no task of this id")
HOPELESS = ("no_melody", "not_audio", "protected", "too_short", "too_long", "too_large")
PASSING = ("worker_died", "timed_out", "too_much_memory", "interrupted", "engine", "new_word")
CODES = dict.fromkeys(HOPELESS, E.FIX_REQUEST) | dict.fromkeys(PASSING, E.RETRY_LATER)
CODES |= {"source_unfetchable": E.SOURCE_UNFETCHABLE}

SAMPLES = Samples(
    accepted={
        "as documented": says(task(), 202),
        "a task that was there": says(task("succeeded", "complete", TAKES)),
        "an id alone": says({"task_id": TASK}, 202),
    },
    refused={
        "400": (says(refusal("malformed"), 400), E.FIX_REQUEST),
        "401": (says(refusal("unauthorized"), 401), E.AUTH),
        "403 of a proxy": (says(PAGE, 403), E.AUTH),
        "404 of another host": (says(b"", 404), E.FIX_REQUEST),
        "413": (says(refusal("too_large"), 413), E.FIX_REQUEST),
        "422": (says({"error": {"code": "invalid", "message": "no", "fields": {"pitch": "no"}}}, 422), E.FIX_REQUEST),
        "429": (says(refusal("queue_full"), 429), E.RATE_LIMITED),
        "503 of a load balancer": (says(PAGE, 503), E.RETRY_LATER),
    },
    unknown={
        "409": says(refusal("key_reused"), 409),
        **{f"{code}": says(b"", code) for code in (302, 418, 500, 502, 504)},
        "502 as a page": says(PAGE, 502),
        "a refusal with a task": says({**refusal("queue_full"), "task_id": TASK}, 429),
        "accepted without an id": says({}, 202),
        "accepted with an id of another type": says({"task_id": [TASK]}, 202),
        "HTTP 200 as a page": says(PAGE),
        "a list": says([task()]),
    },
    polls={
        "queued": (says(task()), RUNNING),
        "running": (says(task("running")), RUNNING),
        "text": (says(task("running", "text")), Means(Stage.TEXT)),
        "first": (says(task("running", "first", TAKES[:1])), Means(Stage.FIRST, 1)),
        "complete": (says(task("succeeded", "complete", TAKES)), DONE),
        "complete, files gone": (says(task("succeeded", "complete")), Means(Stage.TEXT)),
        "complete, links that are none": (
            says(task("succeeded", "complete", [{**TAKES[0], "audio_url": "file:///a.mp3"}])),
            Means(Stage.TEXT),
        ),
        "a stage of another type": (says(task("running", stage=["text"])), RUNNING),  # type: ignore[arg-type]
        "a stage that nobody knows": (says(task("running", "mastered")), RUNNING),
        **{f"failed: {code}": (says(failed(code)), Means(kind=kind)) for code, kind in CODES.items()},
        "failed after the first": (says(task("failed", "first", TAKES[:1])), Means(kind=E.RETRY_LATER)),
        "canceled": (says(task("canceled")), Means(kind=E.RETRY_LATER)),
        "lost": (says(LOST, 404), Means(kind=E.RETRY_LATER)),
        "404 of another host": (says(b"", 404), RUNNING),
        **{f"{code}": (says(refusal("no"), code), RUNNING) for code in (401, 429, 500, 502, 503, 504)},
        "502 as a page": (says(PAGE, 502), RUNNING),
        "200 as a page": (says(PAGE), RUNNING),
        "200 without a body": (says(b""), RUNNING),
    },
    callbacks={
        "text": (TEXT, Means(Stage.TEXT)),
        "text with takes": ({**TEXT, "takes": TAKES}, Means(Stage.TEXT)),
        "first": (FIRST, Means(Stage.FIRST, 1)),
        "complete": (COMPLETE, DONE),
        "complete with one take": ({**COMPLETE, "takes": TAKES[:1]}, Means(Stage.COMPLETE, 1)),
        "complete without a take": ({**COMPLETE, "takes": []}, Means(Stage.TEXT)),
        "complete with null": ({**COMPLETE, "takes": None, "files": None, "report": None}, Means(Stage.TEXT)),
        "complete without a task": ({**COMPLETE, "task_id": None}, DONE),
        "failed": (FAILED, Means(kind=E.RETRY_LATER)),
        "failed without a word": (told("failed", task_id=TASK), Means(kind=E.RETRY_LATER)),
        "no melody": (told("failed", **failed("no_melody")), Means(kind=E.FIX_REQUEST)),
        "a type that nobody knows": ({**FIRST, "type": "mastered"}, NOTHING),
        "a type of another type": ({**FIRST, "type": ["first"]}, NOTHING),
        "an empty object": ({}, NOTHING),
    },
    requests={
        "an idea": (a_request(prompt="dreamy"), {"prompt": "dreamy", "instrumental": False}),
        "everything": (
            a_request(
                prompt="dreamy",
                lyrics="[Verse] fog",
                style="lo-fi jazz",
                title="Fog",
                instrumental=True,
                negative_style="drums",
                vocal_gender="female",
                style_weight=0.5,
                weirdness=0.25,
                audio_weight=1.0,
                voice="deeper",
                pitch=-3,
                output=Output(format="wav", sample_rate=44_100),
            ),
            {
                "prompt": "dreamy",
                "style": "lo-fi jazz",
                "title": "Fog",
                "instrumental": True,
                "negative_style": "drums",
                "style_weight": 0.5,
                "weirdness": 0.25,
                "audio_weight": 1.0,
                "voice": "deeper",
                "pitch": -3,
                "format": "wav",
            },
        ),
    },
    source_field="source_url",
    callback_field="callback_url",
    echo_refusal=lambda words: says(refusal("invalid", words), 422),
    echo_failure=lambda words: says(failed("worker_died", words)),
    echo_callback=lambda words: told("failed", **failed("worker_died", words)),
)
