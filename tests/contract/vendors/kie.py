"""kie.ai as its pages show it and as it was seen to behave."""

import json
from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.providers.client import Answer

from tests.contract.vendors.samples import NOTHING, RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

LYRICS = "[Verse] slow lights on the water"
ROW = {
    "id": "7d0c2f5e-1b7a-4c1e-9f55-2a6b0c9e1d01",
    "audio_url": "https://media.example.net/7d0c.mp3",
    "source_audio_url": "https://cdn.example.net/7d0c.mp3",
    "stream_audio_url": "https://media.example.net/7d0c",
    "source_stream_audio_url": "https://cdn.example.net/s/7d0c",
    "image_url": "https://media.example.net/7d0c.jpeg",
    "source_image_url": "https://cdn.example.net/7d0c.jpeg",
    "prompt": LYRICS,
    "model_name": "chirp-v4-5",
    "title": "Harbour Fog",
    "tags": "dub techno",
    "createTime": "2026-11-20 18:40:00",
    "duration": 187.52,
}
OTHER = {"id": "e3b81a64", "audio_url": "https://media.example.net/e3b8.mp3", "title": "Harbour Fog", "duration": 209.3}
POLLED = {
    "id": "7d0c2f5e-1b7a-4c1e-9f55-2a6b0c9e1d01",
    "audioUrl": "https://media.example.net/7d0c.mp3",
    "sourceAudioUrl": "https://cdn.example.net/7d0c.mp3",
    "streamAudioUrl": "https://media.example.net/7d0c",
    "imageUrl": "https://media.example.net/7d0c.jpeg",
    "prompt": LYRICS,
    "createTime": 1795200066000,
    "duration": 187.52,
}
DEAD = {"id": "7d0c", "audioUrl": None, "sourceAudioUrl": "", "streamAudioUrl": "https://media.example.net/7d0c"}


def error(code: Any, message: str = "no") -> dict[str, Any]:
    return {"code": code, "msg": message, "data": None}


def called(kind: Any, rows: Any = None, code: Any = 200, **more: Any) -> dict[str, Any]:
    return {"code": code, "msg": "words", "data": {"callbackType": kind, "task_id": TASK, "data": rows, **more}}


def record(status: Any, rows: Any = None, **more: Any) -> dict[str, Any]:
    response = None if rows is None else {"taskId": TASK, "sunoData": rows}
    data = {
        "taskId": TASK,
        "parentMusicId": "",
        "param": '{"uploadUrl":"https://files.example.net/in/91.mp3"}',
        "response": response,
        "status": status,
        "type": "chirp-v4-5",
        "operationType": "upload_cover",
        "errorCode": None,
        "errorMessage": None,
        "createTime": 1795200000000,
    }
    return {"code": 200, "msg": "success", "data": data | more}


def taken(**data: Any) -> dict[str, Any]:
    return {"code": 200, "msg": "success", "data": data}


def both_ways(code: int, kind: E) -> dict[str, tuple[Answer, E]]:
    """With HTTP 200, as is usual, and with the code in both places, as some have seen."""
    return {
        f"{code} in the body": (says(error(code)), kind),
        f"{code} as text": (says(error(str(code))), kind),
        f"{code} in both places": (says(error(code), code), kind),
        f"{code} without data": (says({"code": code, "msg": "no"}), kind),
    }


CUSTOM = {"lyrics": LYRICS, "style": "dub techno", "title": "Harbour Fog", "prompt": None}
SAMPLES = Samples(
    accepted={
        "as documented": says(taken(taskId=TASK)),
        "snake case": says(taken(task_id=TASK)),
        "id": says(taken(id=TASK)),
        "at the root": says({"code": 200, "msg": "success", "taskId": TASK}),
        "code as text": says({"code": "200", "data": {"taskId": TASK}}),
        "more fields": says(taken(taskId=TASK, new=[{}], param="x") | {"trace": 1}),
    },
    refused={
        **both_ways(401, E.AUTH),
        **both_ways(402, E.NO_CREDIT),
        **both_ways(404, E.FIX_REQUEST),
        **both_ways(409, E.FIX_REQUEST),
        **both_ways(422, E.FIX_REQUEST),
        **both_ways(429, E.RATE_LIMITED),
        **both_ways(433, E.RATE_LIMITED),
        **both_ways(451, E.SOURCE_UNFETCHABLE),
        **both_ways(455, E.RETRY_LATER),
        "505 with HTTP 500": (says(error(505), 500), E.FIX_REQUEST),
        "401 without a body": (says(b"", 401), E.AUTH),
        "429 as a page": (says(b"<html>slow down</html>", 429), E.RATE_LIMITED),
    },
    unknown={
        "500": says(error(500)),
        "500 in both places": says(error(500), 500),
        "408 with HTTP 500": says(error(408), 500),
        "501 with HTTP 500": says(error(501), 500),
        "502 as a page": says(b"<html>bad gateway</html>", 502),
        "504 without a body": says(b"", 504),
        "a code that nobody knows": says(error(777)),
        "a negative code": says(error(-1)),
        "accepted without an id": says(taken()),
        "accepted with data null": says(error(200)),
        "accepted with an empty id": says(taken(taskId="")),
        "accepted with an id of another type": says(taken(taskId={"id": TASK})),
        "HTTP 500 around a success": says(taken(taskId=TASK), 500),
        "HTTP 200 as a page": says(b"<html>hello</html>"),
        "HTTP 200 without a body": says(b""),
        "a list": says([]),
        "a redirect": says(b"", 302),
        "half a body": says(b'{"code":200,"data":{"taskId":"a41'),
    },
    polls={
        "PENDING": (says(record("PENDING")), RUNNING),
        "PENDING with an empty error": (says(record("PENDING", errorCode=0, errorMessage="")), RUNNING),
        "PENDING with an error code": (says(record("PENDING", errorCode=531)), Means(kind=E.RETRY_LATER)),
        "PENDING with an error code as text": (says(record("PENDING", errorCode="400")), Means(kind=E.CONTENT_REFUSED)),
        "PENDING with an error message": (says(record("PENDING", errorMessage="x")), Means(kind=E.RETRY_LATER)),
        "TEXT_SUCCESS": (says(record("TEXT_SUCCESS", [])), Means(Stage.TEXT)),
        "TEXT_SUCCESS with a link": (says(record("TEXT_SUCCESS", [POLLED])), Means(Stage.TEXT)),
        "FIRST_SUCCESS": (says(record("FIRST_SUCCESS", [POLLED])), Means(Stage.FIRST, 1)),
        "SUCCESS": (says(record("SUCCESS", [POLLED, {**POLLED, "id": "e3"}])), Means(Stage.COMPLETE, 2)),
        "SUCCESS with one dead row": (says(record("SUCCESS", [DEAD, POLLED])), Means(Stage.COMPLETE, 1)),
        "SUCCESS without links": (says(record("SUCCESS", [DEAD, DEAD])), Means(Stage.TEXT)),
        "SUCCESS without rows": (says(record("SUCCESS", [])), Means(Stage.TEXT)),
        "SUCCESS without a response": (says(record("SUCCESS")), Means(Stage.TEXT)),
        "SUCCESS in spite of an error code": (
            says(record("SUCCESS", [POLLED], errorCode=500)),
            Means(Stage.COMPLETE, 1),
        ),
        "CREATE_TASK_FAILED": (says(record("CREATE_TASK_FAILED")), Means(kind=E.RETRY_LATER)),
        "GENERATE_AUDIO_FAILED": (says(record("GENERATE_AUDIO_FAILED", errorCode=501)), Means(kind=E.RETRY_LATER)),
        "SENSITIVE_WORD_ERROR": (says(record("SENSITIVE_WORD_ERROR")), Means(kind=E.CONTENT_REFUSED)),
        "SENSITIVE_WORD_ERROR with a code": (
            says(record("SENSITIVE_WORD_ERROR", errorCode=500, errorMessage="Nirvana")),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "errorCode 400": (says(record("GENERATE_AUDIO_FAILED", errorCode=400)), Means(kind=E.CONTENT_REFUSED)),
        "errorCode 408": (says(record("GENERATE_AUDIO_FAILED", errorCode=408)), Means(kind=E.RETRY_LATER)),
        "errorCode 413": (
            says(record("GENERATE_AUDIO_FAILED", errorCode=413, errorMessage="matches an existing work")),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "errorCode 413 about fetching": (
            says(record("GENERATE_AUDIO_FAILED", errorCode=413, errorMessage="Can't fetch the uploaded audio.")),
            Means(kind=E.SOURCE_UNFETCHABLE),
        ),
        "errorCode 451": (says(record("GENERATE_AUDIO_FAILED", errorCode=451)), Means(kind=E.SOURCE_UNFETCHABLE)),
        "errorCode 531": (says(record("GENERATE_AUDIO_FAILED", errorCode=531)), Means(kind=E.RETRY_LATER)),
        "an errorCode that nobody knows": (says(record("PENDING", errorCode=999)), Means(kind=E.RETRY_LATER)),
        "CALLBACK_EXCEPTION": (says(record("CALLBACK_EXCEPTION", errorMessage="unreachable")), RUNNING),
        "an unknown word with an error and links": (
            says(record("ALMOST", [POLLED], errorMessage="unreachable")),
            RUNNING,
        ),
        "CALLBACK_EXCEPTION with dead rows": (says(record("CALLBACK_EXCEPTION", [DEAD])), RUNNING),
        "CALLBACK_EXCEPTION with links": (
            says(record("CALLBACK_EXCEPTION", [POLLED], errorCode=500, errorMessage="unreachable")),
            Means(Stage.COMPLETE, 1),
        ),
        "a word that nobody knows": (says(record("MASTERING", [POLLED])), RUNNING),
        "no word": (says(record(None)), RUNNING),
        "recordInfo is null": (says(error(422, "recordInfo is null")), RUNNING),
        "404 in the body": (says(error(404)), RUNNING),
        "404": (says(b"not found", 404), RUNNING),
        "401": (says(error(401), 401), RUNNING),
        "429": (says(error(429)), RUNNING),
        "451": (says(error(451)), RUNNING),
        "500": (says(b"", 500), RUNNING),
        "HTTP 500 around a success": (says(record("SUCCESS", [POLLED]), 500), RUNNING),
        "no JSON": (says(b"<html>"), RUNNING),
        "a list": (says([record("SUCCESS", [POLLED])]), RUNNING),
        "data null": (says(error(200)), RUNNING),
        "rows of other types": (says(record("SUCCESS", [None, 1, "x", [], POLLED])), Means(Stage.COMPLETE, 1)),
    },
    callbacks={
        "text": (called("text", []), Means(Stage.TEXT)),
        "text with null": (called("text"), Means(Stage.TEXT)),
        "text with placeholders": (called("text", [{"id": "7d", "audio_url": ""}] * 2), Means(Stage.TEXT)),
        "text with a link": (called("text", [ROW]), Means(Stage.TEXT)),
        "first": (called("first", [ROW]), Means(Stage.FIRST, 1)),
        "first without audio": (
            called("first", [{**ROW, "audio_url": "", "source_audio_url": None}]),
            Means(Stage.FIRST),
        ),
        "complete": (called("complete", [ROW, OTHER]), Means(Stage.COMPLETE, 2)),
        "complete with one row": (called("complete", [ROW]), Means(Stage.COMPLETE, 1)),
        "complete with one dead row": (called("complete", [{"id": "1"}, OTHER]), Means(Stage.COMPLETE, 1)),
        "complete without links": (called("complete", [{"id": "1"}, {"id": "2"}]), Means(Stage.TEXT)),
        "complete with null": (called("complete"), Means(Stage.TEXT)),
        "complete without rows": (
            {"code": 200, "data": {"callbackType": "complete", "task_id": TASK}},
            Means(Stage.TEXT),
        ),
        "COMPLETE": (called("COMPLETE", [ROW]), Means(Stage.COMPLETE, 1)),
        "First": (called("First", [ROW]), Means(Stage.FIRST, 1)),
        "task_completed": (called("task_completed", [ROW]), Means(Stage.COMPLETE, 1)),
        "code as text": (called("complete", [ROW], code="200"), Means(Stage.COMPLETE, 1)),
        "epoch time and no duration": (
            called("complete", [{**ROW, "createTime": 1795200066000, "duration": None}]),
            Means(Stage.COMPLETE, 1),
        ),
        "error": (called("error", [], code=501), Means(kind=E.RETRY_LATER)),
        "error with null": (called("error", code=500), Means(kind=E.RETRY_LATER)),
        "error with code 200": (called("error", []), Means(kind=E.RETRY_LATER)),
        "ERROR with code as text": (called("ERROR", [], code="400"), Means(kind=E.CONTENT_REFUSED)),
        "failed": (called("failed", []), Means(kind=E.RETRY_LATER)),
        "error 400": (called("error", code=400), Means(kind=E.CONTENT_REFUSED)),
        "error 408": (called("error", code=408), Means(kind=E.RETRY_LATER)),
        "error 413": (called("error", code=413, error="matches a work"), Means(kind=E.CONTENT_REFUSED)),
        "error 413 about fetching": (
            called("error", code=413, error="Can't fetch the uploaded audio."),
            Means(kind=E.SOURCE_UNFETCHABLE),
        ),
        "error 531": (called("error", code=531), Means(kind=E.RETRY_LATER)),
        "an error without data": (error(501), Means(kind=E.RETRY_LATER)),
        "a stage with an error code": (called("complete", [ROW], code=501), Means(kind=E.RETRY_LATER)),
        "a kind that nobody knows": (called("mastered", [ROW]), NOTHING),
        "no kind": ({"code": 200, "msg": "hello"}, NOTHING),
        "an empty object": ({}, NOTHING),
    },
    requests={
        "idea": (
            a_request(prompt="lo-fi jazz"),
            {"customMode": False, "instrumental": False, "model": "V4_5", "prompt": "lo-fi jazz"},
        ),
        "idea, with wishes that only custom mode takes": (
            a_request(
                prompt="lo-fi jazz",
                title="Fog",
                instrumental=True,
                model="V5",
                negative_style="banjo",
                vocal_gender="male",
                style_weight=0.5,
                weirdness=0.5,
                audio_weight=0.5,
                voice="someone",
                pitch=2,
            ),
            {"customMode": False, "instrumental": True, "model": "V5", "prompt": "lo-fi jazz"},
        ),
        "style alone is an idea": (
            a_request(prompt=None, style="lo-fi jazz"),
            {"customMode": False, "instrumental": False, "model": "V4_5", "prompt": "lo-fi jazz"},
        ),
        "custom with lyrics": (
            a_request(**CUSTOM),
            {
                "customMode": True,
                "instrumental": False,
                "model": "V4_5",
                "prompt": LYRICS,
                "style": "dub techno",
                "title": "Harbour Fog",
            },
        ),
        "custom without a voice": (
            a_request(**{**CUSTOM, "lyrics": None}, instrumental=True, model="V3_5"),
            {"customMode": True, "instrumental": True, "model": "V3_5", "style": "dub techno", "title": "Harbour Fog"},
        ),
        "custom without a voice sends no lyrics": (
            a_request(**CUSTOM, instrumental=True),
            {"customMode": True, "instrumental": True, "model": "V4_5", "style": "dub techno", "title": "Harbour Fog"},
        ),
        "custom with everything": (
            a_request(
                **CUSTOM,
                model="V4_5PLUS",
                negative_style="banjo",
                vocal_gender="female",
                style_weight=0.29,
                weirdness=0.0,
                audio_weight=1.0,
                voice="someone",
                pitch=2,
            ),
            {
                "customMode": True,
                "instrumental": False,
                "model": "V4_5PLUS",
                "prompt": LYRICS,
                "style": "dub techno",
                "title": "Harbour Fog",
                "negativeTags": "banjo",
                "vocalGender": "f",
                "styleWeight": 0.29,
                "weirdnessConstraint": 0.0,
                "audioWeight": 1.0,
            },
        ),
    },
    source_field="uploadUrl",
    callback_field="callBackUrl",
    echo_refusal=lambda words: says(error(422, words)),
    echo_failure=lambda words: says(
        record("GENERATE_AUDIO_FAILED", errorMessage=words, param=json.dumps({"x": words}))
    ),
    echo_callback=lambda words: called("error", code=413, error=words),
)
