"""aimusicapi.org as its pages show it and as it was seen to behave."""

from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.providers.client import Answer

from tests.contract.vendors.samples import NOTHING, RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

LYRICS = "[Verse] rust on the swing set"
PAGE = b"<!DOCTYPE html><html><body>no</body></html>"


def clip(name: str, status: Any, link: str = "", **more: Any) -> dict[str, Any]:
    known = {
        "id": f"{name}-90ab-4d1e-8a11-5cc0b2f7e610",
        "audio_url": link,
        "image_url": f"https://img.example.net/{name}.jpeg",
        "image_large_url": f"https://img.example.net/{name}.jpeg",
        "created_at": "2026-11-20T18:40:09.120Z",
        "createTime": "2026-11-20T18:40:09.120Z",
        "timestamp": 1795200009120,
        "status": status,
        "title": "Swing Set",
        "prompt": LYRICS,
        "tags": "slow country waltz",
        "duration": "",
        "model_name": "chirp-v4-5-plus",
        "extra_message": "words",
        "fail_message": "",
        "error_message": "",
    }
    return known | more


def done(name: str, **more: Any) -> dict[str, Any]:
    return clip(name, "complete", f"https://media.example.net/{name}.mp3", **({"duration": 191.4} | more))


WORDS = [clip("3f7d", "text"), clip("c80e", "text")]
STREAMING = clip("c80e", "text", "https://stream.example.net/?item_id=c80e5b94")
FIRST = [clip("3f7d", "first", "https://media.example.net/3f7d.mp3", duration=191.4), STREAMING]
BOTH = [done("3f7d"), done("c80e", duration=203.9)]
GUESS = {"id": "", "audio_url": "", "status": "", "fail_message": "Does Not Meet Guidelines", "error_message": ""}
BROKEN = {**GUESS, "fail_message": "", "error_message": "internal trouble"}
UNFETCHED = {**GUESS, "fail_message": "", "error_message": "could not download upload_url"}


def task(kind: Any, rows: Any = None, **more: Any) -> dict[str, Any]:
    request = {"model": "chirp-v4-5-plus", "upload_url": "https://files.example.net/in/77.mp3", "custom_mode": True}
    known = {"type": kind, "request_body": request, "response_data": rows, "created_at": "2026-11-20T18:40:00.000Z"}
    return known | more


def status(kind: Any, rows: Any = None, **more: Any) -> dict[str, Any]:
    return {"code": 200, "message": "success", "data": task(kind, rows, **more)}


def error(code: Any, message: str = "no") -> dict[str, Any]:
    return {"code": code, "msg" if code == 400 else "message": message}


def taken(**more: Any) -> dict[str, Any]:
    return {"code": 200, "message": "success", **more}


def both_ways(code: int, kind: E) -> dict[str, tuple[Answer, E]]:
    return {
        f"{code} in both places": (says(error(code), code), kind),
        f"{code} in a 200": (says(error(code)), kind),
        f"{code} as text": (says(error(str(code))), kind),
        f"{code} with the other text key": (says({"code": code, "msg": "a", "message": "b"}, code), kind),
    }


CUSTOM = {"lyrics": LYRICS, "style": "slow country waltz", "title": "Swing Set", "prompt": None}
SAMPLES = Samples(
    accepted={
        "as documented": says(taken(workId=TASK, data={"task_id": TASK})),
        "workId alone": says(taken(workId=TASK)),
        "task_id alone": says(taken(data={"task_id": TASK})),
        "id": says(taken(id=TASK, data=None)),
        "code as text": says({"code": "200", "workId": TASK}),
        "HTTP 201": says(taken(workId=TASK), 201),
    },
    refused={
        **both_ways(400, E.FIX_REQUEST),
        **both_ways(401, E.AUTH),
        **both_ways(402, E.NO_CREDIT),
        **both_ways(403, E.AUTH),
        **both_ways(404, E.FIX_REQUEST),
        **both_ways(429, E.RATE_LIMITED),
        "503 with an envelope": (says(error(503), 503), E.RETRY_LATER),
        "403 as a page": (says(PAGE, 403), E.FIX_REQUEST),
        "402 without a body": (says(b"", 402), E.NO_CREDIT),
        "429 as a page": (says(PAGE, 429), E.RATE_LIMITED),
    },
    unknown={
        "500": says(error(500), 500),
        "500 in a 200": says(error(500)),
        "500 as a page": says(PAGE, 500),
        "502 as a page": says(PAGE, 502),
        "503 as a page": says(PAGE, 503),
        "504 without a body": says(b"", 504),
        "a code that nobody knows": says(error(777)),
        "accepted without an id": says(taken(data={})),
        "accepted with an id of another type": says(taken(workId={"id": TASK})),
        "HTTP 500 around a success": says(taken(workId=TASK), 500),
        "HTTP 302 around a success": says(taken(workId=TASK), 302),
        "HTTP 200 as a page": says(PAGE),
        "a list": says([]),
    },
    polls={
        "IN_PROGRESS": (says(status("IN_PROGRESS")), RUNNING),
        "IN_PROGRESS with words": (says(status("IN_PROGRESS", WORDS)), Means(Stage.TEXT)),
        "IN_PROGRESS with a first clip": (says(status("IN_PROGRESS", FIRST)), Means(Stage.FIRST, 1)),
        "IN_PROGRESS with both clips": (says(status("IN_PROGRESS", BOTH)), Means(Stage.FIRST, 2)),
        "IN_PROGRESS with clips of no status": (says(status("IN_PROGRESS", [clip("3f7d", "")])), RUNNING),
        "IN_PROGRESS with pending clips": (says(status("IN_PROGRESS", [clip("3f7d", "pending")])), RUNNING),
        "IN_PROGRESS with a failed clip": (says(status("IN_PROGRESS", [GUESS])), Means(kind=E.CONTENT_REFUSED)),
        "SUCCESS": (says(status("SUCCESS", BOTH)), Means(Stage.COMPLETE, 2)),
        "SUCCESS with one clip": (says(status("SUCCESS", [done("3f7d")])), Means(Stage.COMPLETE, 1)),
        "SUCCESS with words": (says(status("SUCCESS", WORDS)), Means(Stage.TEXT)),
        "SUCCESS with an unfinished clip": (says(status("SUCCESS", [done("3f7d"), WORDS[1]])), Means(Stage.FIRST, 1)),
        "SUCCESS with a streaming clip": (
            says(status("SUCCESS", [done("3f7d"), {**STREAMING, "status": "complete"}])),
            Means(Stage.FIRST, 1),
        ),
        "SUCCESS with streams alone": (
            says(status("SUCCESS", [done("3f7d", audio_url="https://audiopipe.suno.ai/?item_id=3f7d")])),
            Means(Stage.TEXT),
        ),
        "SUCCESS without clips": (says(status("SUCCESS", [])), Means(Stage.TEXT)),
        "SUCCESS with null": (says(status("SUCCESS")), Means(Stage.TEXT)),
        "SUCCESS with a failed clip beside a finished one": (
            says(status("SUCCESS", [done("3f7d"), BROKEN])),
            Means(Stage.COMPLETE, 1),
        ),
        "SUCCESS with failed clips": (says(status("SUCCESS", [GUESS, GUESS])), Means(kind=E.CONTENT_REFUSED)),
        "COMPLETED": (says(status("Completed", BOTH)), Means(Stage.COMPLETE, 2)),
        "FAILED": (says(status("FAILED", [GUESS])), Means(kind=E.CONTENT_REFUSED)),
        "FAILED with null": (says(status("FAILED")), Means(kind=E.RETRY_LATER)),
        "FAILED with no rows": (says(status("FAILED", [])), Means(kind=E.RETRY_LATER)),
        "FAILED about itself": (says(status("FAILED", fail_message="Does Not")), Means(kind=E.CONTENT_REFUSED)),
        "FAILED in spite of a finished clip": (says(status("FAILED", BOTH)), Means(kind=E.RETRY_LATER)),
        "ERROR": (says(status("ERROR", [BROKEN])), Means(kind=E.RETRY_LATER)),
        "ERROR about the source": (says(status("ERROR", [UNFETCHED])), Means(kind=E.SOURCE_UNFETCHABLE)),
        "a word that nobody knows": (says(status("MASTERING", BOTH)), RUNNING),
        "no word": (says(status(None, BOTH)), RUNNING),
        "legacy new": (says(task("new")), RUNNING),
        "legacy text": (says(task("text", WORDS)), Means(Stage.TEXT)),
        "legacy first": (says(task("first", FIRST)), Means(Stage.FIRST, 1)),
        "legacy complete": (says(task("complete", BOTH)), Means(Stage.COMPLETE, 2)),
        "legacy complete with words": (says(task("complete", WORDS)), Means(Stage.TEXT)),
        "404": (says(error(404), 404), RUNNING),
        "404 in a 200": (says(error(404)), RUNNING),
        "400": (says(error(400), 400), RUNNING),
        "401": (says(error(401), 401), RUNNING),
        "429": (says(error(429), 429), RUNNING),
        "500": (says(error(500), 500), RUNNING),
        "502 as a page": (says(PAGE, 502), RUNNING),
        "504 without a body": (says(b"", 504), RUNNING),
        "200 as a page": (says(PAGE), RUNNING),
        "HTTP 500 around a success": (says(status("SUCCESS", BOTH), 500), RUNNING),
        "data null": (says({"code": 200, "message": "success", "data": None}), RUNNING),
        "a list": (says(BOTH), RUNNING),
        "rows of other types": (says(status("SUCCESS", [None, 1, "x", [], done("3f7d")])), Means(Stage.COMPLETE, 1)),
    },
    callbacks={
        "text": (WORDS, Means(Stage.TEXT)),
        "first": (FIRST, Means(Stage.FIRST, 1)),
        "first that is complete already": ([done("3f7d"), STREAMING], Means(Stage.FIRST, 1)),
        "complete": (BOTH, Means(Stage.COMPLETE, 2)),
        "complete with one of two": ([done("3f7d")], Means(Stage.FIRST, 1)),
        "complete with streams": (
            [clip(name, "complete", f"https://audiopipe.suno.ai/{name}") for name in ("3f7d", "c80e")],
            Means(Stage.TEXT),
        ),
        "pending": ([clip("3f7d", "pending")], NOTHING),
        "failure": ([GUESS], Means(kind=E.CONTENT_REFUSED)),
        "failure about the source": ([UNFETCHED], Means(kind=E.SOURCE_UNFETCHABLE)),
        "clips below data": ({"code": 200, "data": BOTH}, Means(Stage.COMPLETE, 2)),
        "one clip below data": ({"data": done("3f7d")}, Means(Stage.FIRST, 1)),
        "clips with the task": ([{**row, "task_id": TASK} for row in BOTH], Means(Stage.COMPLETE, 2)),
        "one clip": (done("3f7d", task_id=TASK), Means(Stage.FIRST, 1)),
        "a status": (status("SUCCESS", BOTH), Means(Stage.COMPLETE, 2)),
        "a status with one clip": (status("SUCCESS", [done("3f7d")]), Means(Stage.COMPLETE, 1)),
        "a status with the task": ({**status("SUCCESS", BOTH), "workId": TASK}, Means(Stage.COMPLETE, 2)),
        "a status too early": (status("SUCCESS", WORDS), Means(Stage.TEXT)),
        "a status without an envelope": (task("FAILED", [GUESS]), Means(kind=E.CONTENT_REFUSED)),
        "a running status": (status("IN_PROGRESS"), NOTHING),
        "an error's envelope": (error(500, "internal error"), Means(kind=E.RETRY_LATER)),
        "an error's envelope about the source": (error(400, "could not fetch it"), Means(kind=E.SOURCE_UNFETCHABLE)),
        "a word that nobody knows": (status("MASTERING", BOTH), NOTHING),
        "no clips": ({"code": 200, "data": []}, NOTHING),
        "an empty object": ({}, NOTHING),
    },
    requests={
        "idea": (
            a_request(prompt="a waltz", negative_style="banjo", vocal_gender="male", style_weight=0.5, title="Swing"),
            {
                "custom_mode": False,
                "make_instrumental": False,
                "model": "chirp-v4-5",
                "prompt": "a waltz",
                "style_weight": 0.5,
            },
        ),
        "idea without a voice has its prompt": (
            a_request(prompt="a waltz", instrumental=True, model="chirp-v5-5"),
            {"custom_mode": False, "make_instrumental": True, "model": "chirp-v5-5", "prompt": "a waltz"},
        ),
        "custom without a voice sends no lyrics": (
            a_request(**CUSTOM, instrumental=True),
            {
                "custom_mode": True,
                "make_instrumental": True,
                "model": "chirp-v4-5",
                "style": "slow country waltz",
                "title": "Swing Set",
            },
        ),
        "custom with everything": (
            a_request(
                **CUSTOM,
                model="chirp-v4-5-plus",
                negative_style="autotune",
                vocal_gender="male",
                style_weight=0.6,
                weirdness=0.0,
                audio_weight=1.0,
                voice="someone",
            ),
            {
                "custom_mode": True,
                "make_instrumental": False,
                "model": "chirp-v4-5-plus",
                "prompt": LYRICS,
                "style": "slow country waltz",
                "title": "Swing Set",
                "tags": "autotune",
                "gender": "male",
                "style_weight": 0.6,
                "weirdness_constraint": 0.0,
                "audio_weight": 1.0,
            },
        ),
    },
    source_field="upload_url",
    callback_field="callback_url",
    echo_refusal=lambda words: says(error(400, words), 400),
    echo_failure=lambda words: says(status("ERROR", [{**GUESS, "fail_message": "", "error_message": words}])),
    echo_callback=lambda words: [{**GUESS, "fail_message": words}],
    signed=False,
)
