"""sunoapi.org as its pages show it and as it was seen to behave. The wire is kie.ai's, so are the words of stages."""

import json
from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.providers.client import Answer

from tests.contract.vendors.samples import NOTHING, RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

LYRICS = "[Verse] wet glass and neon"
ROW = {
    "id": "b2a9f310-6c4d-4e02-8b7f-11d5c0e7a902",
    "audio_url": "https://media.example.net/b2a9.mp3",
    "source_audio_url": "https://cdn.example.net/b2a9.mp3",
    "stream_audio_url": "https://media.example.net/b2a9",
    "source_stream_audio_url": "https://cdn.example.net/s/b2a9",
    "image_url": "https://media.example.net/b2a9.jpeg",
    "source_image_url": "https://cdn.example.net/b2a9.jpeg",
    "prompt": LYRICS,
    "model_name": "chirp-v5",
    "title": "Tram Nine",
    "tags": "jazz trio",
    "createTime": "2026-11-20 18:42:17",
    "duration": 204.6,
}
OTHER = {"id": "40c7e2d8", "audio_url": "https://media.example.net/40c7.mp3", "title": "Tram Nine", "duration": 176.9}
POLLED = {
    "id": "b2a9f310-6c4d-4e02-8b7f-11d5c0e7a902",
    "audioUrl": "https://media.example.net/b2a9.mp3",
    "sourceAudioUrl": "https://cdn.example.net/b2a9.mp3",
    "streamAudioUrl": "https://media.example.net/b2a9",
    "imageUrl": "https://media.example.net/b2a9.jpeg",
    "prompt": LYRICS,
    "createTime": 1795200137000,
    "duration": 204.6,
}
BLANK = {"id": "", "audioUrl": "", "duration": None}
EXISTING = "Uploaded audio matches existing work of art"
UNFETCHED = "Can't fetch the uploaded audio."


def error(code: Any, message: str = "no") -> dict[str, Any]:
    return {"code": code, "msg": message, "data": None}


def called(kind: Any, rows: Any = None, code: Any = 200, message: str = "words") -> dict[str, Any]:
    return {"code": code, "msg": message, "data": {"callbackType": kind, "task_id": TASK, "data": rows}}


def record(status: Any, rows: Any = None, **more: Any) -> dict[str, Any]:
    data = {
        "taskId": TASK,
        "parentMusicId": "",
        "param": '{"uploadUrl":"https://files.example.net/in/204.wav"}',
        "response": None if rows is None else {"taskId": TASK, "sunoData": rows},
        "status": status,
        "type": "chirp-v5",
        "operationType": "upload_cover",
        "errorCode": None,
        "errorMessage": None,
        "createTime": 1795200000000,
    }
    return {"code": 200, "msg": "success", "data": data | more}


def failed(code: Any, message: Any = None, status: str = "GENERATE_AUDIO_FAILED") -> Answer:
    return says(record(status, [], errorCode=code, errorMessage=message))


def taken(**data: Any) -> dict[str, Any]:
    return {"code": 200, "msg": "success", "data": data}


def both_ways(code: int, kind: E) -> dict[str, tuple[Answer, E]]:
    return {
        f"{code} in the body": (says(error(code)), kind),
        f"{code} as text": (says(error(str(code))), kind),
        f"{code} in both places": (says(error(code), code), kind),
    }


CUSTOM = {"lyrics": LYRICS, "style": "jazz trio", "title": "Tram Nine", "prompt": None}
SAMPLES = Samples(
    accepted={
        "as documented": says(taken(taskId=TASK)),
        "snake case": says(taken(task_id=TASK)),
        "id": says(taken(id=TASK)),
        "at the root": says({"code": 200, "msg": "success", "taskId": TASK}),
        "code as text": says({"code": "200", "data": {"taskId": TASK}}),
    },
    refused={
        **both_ways(400, E.FIX_REQUEST),
        **both_ways(401, E.AUTH),
        **both_ways(404, E.FIX_REQUEST),
        **both_ways(405, E.RATE_LIMITED),
        **both_ways(413, E.FIX_REQUEST),
        **both_ways(429, E.NO_CREDIT),
        **both_ways(430, E.RATE_LIMITED),
        **both_ways(451, E.SOURCE_UNFETCHABLE),
        **both_ways(455, E.RETRY_LATER),
        "400 as seen": (says(error(400, "Please enter callBackUrl")), E.FIX_REQUEST),
        "429 as seen": (
            says(error(429, "The current credits are insufficient. Please top up.")),
            E.NO_CREDIT,
        ),
        "an edge's 429 as a page": (says(b"<html>slow down</html>", 429), E.RATE_LIMITED),
        "an edge's 429 without a body": (says(b"", 429), E.RATE_LIMITED),
        "an edge's 429 as JSON of another kind": (says({"error": "slow down"}, 429), E.RATE_LIMITED),
        "HTTP 429 around a 430": (says(error(430), 429), E.RATE_LIMITED),
        "401 without a body": (says(b"", 401), E.AUTH),
    },
    unknown={
        "500": says(error(500)),
        "500 in both places": says(error(500), 500),
        "500 without a body": says(b"", 500),
        "502 as a page": says(b"<html>bad gateway</html>", 502),
        "a code that only a status has": says(error(422)),
        "a code that only kie.ai has": says(error(433)),
        "a code that nobody knows": says(error(777)),
        "accepted without an id": says(taken()),
        "accepted with data null": says(error(200)),
        "HTTP 500 around a success": says(taken(taskId=TASK), 500),
        "HTTP 429 around a success": says(taken(taskId=TASK), 429),
        "HTTP 200 as a page": says(b"<html>hello</html>"),
        "a redirect": says(b"", 302),
    },
    polls={
        "PENDING": (says(record("PENDING")), RUNNING),
        "PENDING with blank rows": (says(record("PENDING", [BLANK])), RUNNING),
        "PENDING with an error": (
            says(record("PENDING", [], errorCode=413, errorMessage=UNFETCHED)),
            Means(kind=E.SOURCE_UNFETCHABLE),
        ),
        "PENDING with an error message": (says(record("PENDING", errorMessage="x")), Means(kind=E.RETRY_LATER)),
        "GENERATING": (says(record("GENERATING")), RUNNING),
        "TEXT_SUCCESS": (says(record("TEXT_SUCCESS", [])), Means(Stage.TEXT)),
        "TEXT_SUCCESS with a link": (says(record("TEXT_SUCCESS", [POLLED])), Means(Stage.TEXT)),
        "FIRST_SUCCESS": (says(record("FIRST_SUCCESS", [POLLED])), Means(Stage.FIRST, 1)),
        "SUCCESS": (says(record("SUCCESS", [POLLED, {**POLLED, "id": "40"}])), Means(Stage.COMPLETE, 2)),
        "SUCCESS with one row": (says(record("SUCCESS", [POLLED])), Means(Stage.COMPLETE, 1)),
        "SUCCESS without links": (says(record("SUCCESS", [BLANK, BLANK])), Means(Stage.TEXT)),
        "SUCCESS without a response": (says(record("SUCCESS")), Means(Stage.TEXT)),
        "CREATE_TASK_FAILED": (failed(None, status="CREATE_TASK_FAILED"), Means(kind=E.RETRY_LATER)),
        "GENERATE_AUDIO_FAILED": (failed(500), Means(kind=E.RETRY_LATER)),
        "SENSITIVE_WORD_ERROR": (
            failed(400, "the artist Nirvana", status="SENSITIVE_WORD_ERROR"),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "errorCode 400": (failed(400, "unsupported audio"), Means(kind=E.FIX_REQUEST)),
        "errorCode 400 about content": (failed(400, "content policy violation"), Means(kind=E.CONTENT_REFUSED)),
        "errorCode 413 about a work": (failed(413, EXISTING), Means(kind=E.CONTENT_REFUSED)),
        "errorCode 413 about fetching": (failed(413, UNFETCHED), Means(kind=E.SOURCE_UNFETCHABLE)),
        "errorCode 451": (failed("451"), Means(kind=E.SOURCE_UNFETCHABLE)),
        "an errorCode that nobody knows": (failed(999), Means(kind=E.RETRY_LATER)),
        "CALLBACK_EXCEPTION": (says(record("CALLBACK_EXCEPTION")), RUNNING),
        "an unknown word with an error and links": (
            says(record("ALMOST", [POLLED], errorMessage="unreachable")),
            RUNNING,
        ),
        "CALLBACK_EXCEPTION with links": (says(record("CALLBACK_EXCEPTION", [POLLED])), Means(Stage.COMPLETE, 1)),
        "a word that nobody knows": (says(record("MASTERING", [POLLED])), RUNNING),
        "recordInfo is null": (says(error(422, "recordInfo is null")), RUNNING),
        "404": (says(error(404), 404), RUNNING),
        "400": (says(error(400)), RUNNING),
        "401": (says(error(401)), RUNNING),
        "405": (says(error(405)), RUNNING),
        "429": (says(error(429)), RUNNING),
        "430": (says(error(430)), RUNNING),
        "455": (says(error(455)), RUNNING),
        "500": (says(error(500)), RUNNING),
        "an edge's 429": (says(b"<html>slow down</html>", 429), RUNNING),
    },
    callbacks={
        "text": (called("text", []), Means(Stage.TEXT)),
        "text with placeholders": (called("text", [{"id": "b2", "audio_url": ""}] * 2), Means(Stage.TEXT)),
        "text with a link": (called("text", [ROW]), Means(Stage.TEXT)),
        "first": (called("first", [ROW]), Means(Stage.FIRST, 1)),
        "first without audio": (
            called("first", [{**ROW, "audio_url": "", "source_audio_url": ""}]),
            Means(Stage.FIRST),
        ),
        "complete": (called("complete", [ROW, OTHER]), Means(Stage.COMPLETE, 2)),
        "complete with one row": (called("complete", [ROW]), Means(Stage.COMPLETE, 1)),
        "complete without links": (called("complete", [{"id": "1"}]), Means(Stage.TEXT)),
        "COMPLETE with code as text": (called("COMPLETE", [ROW], code="200"), Means(Stage.COMPLETE, 1)),
        "the id at the root": (
            {"code": 200, "taskId": TASK, "data": {"callbackType": "first", "data": [ROW]}},
            Means(Stage.FIRST, 1),
        ),
        "error 400": (called("error", code=400, message="bad parameter"), Means(kind=E.FIX_REQUEST)),
        "error 400 about content": (
            called("error", code=400, message="The audio violates our guidelines"),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "error 413 about fetching": (
            called("error", code=413, message=UNFETCHED),
            Means(kind=E.SOURCE_UNFETCHABLE),
        ),
        "error 451": (called("error", code=451, message="Audio covering failed"), Means(kind=E.SOURCE_UNFETCHABLE)),
        "error 500": (called("error", [], code=500), Means(kind=E.RETRY_LATER)),
        "failed": (called("failed", code="500"), Means(kind=E.RETRY_LATER)),
        "a kind that only kie.ai has": (called("task_completed", [ROW]), NOTHING),
        "an empty object": ({}, NOTHING),
    },
    requests={
        "idea": (
            a_request(prompt="rainy tram ride", style_weight=0.5, vocal_gender="male"),
            {"customMode": False, "instrumental": False, "model": "V4_5", "prompt": "rainy tram ride"},
        ),
        "custom without a voice": (
            a_request(**{**CUSTOM, "lyrics": None}, instrumental=True, model="V5_5"),
            {"customMode": True, "instrumental": True, "model": "V5_5", "style": "jazz trio", "title": "Tram Nine"},
        ),
        "custom with everything": (
            a_request(
                **CUSTOM,
                model="V5",
                negative_style="banjo",
                vocal_gender="male",
                style_weight=0.29,
                weirdness=0.0,
                audio_weight=1.0,
                voice="someone",
            ),
            {
                "customMode": True,
                "instrumental": False,
                "model": "V5",
                "prompt": LYRICS,
                "style": "jazz trio",
                "title": "Tram Nine",
                "negativeTags": "banjo",
                "vocalGender": "m",
                "styleWeight": 0.29,
                "weirdnessConstraint": 0.0,
                "audioWeight": 1.0,
            },
        ),
    },
    source_field="uploadUrl",
    callback_field="callBackUrl",
    echo_refusal=lambda words: says(error(400, words)),
    echo_failure=lambda words: says(
        record("GENERATE_AUDIO_FAILED", errorMessage=words, param=json.dumps({"x": words}))
    ),
    echo_callback=lambda words: called("error", code=451, message=words),
    signed=False,
)
