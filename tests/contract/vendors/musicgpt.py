"""MusicGPT's Cover as its pages show it and as it was seen to behave."""

from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.providers.client import Answer

from tests.contract.vendors.samples import CALLBACK, NOTHING, RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

CONVERSION = "7d20b9c4-1e5f-4f0a-b6a3-0c9e8f71d2a6"
MP3 = "https://media.example.net/projects/7d20b9c4.mp3"
WAV = "https://media.example.net/projects/7d20b9c4.wav"
PAGE = b"<html><body>no</body></html>"
DONE = Means(Stage.COMPLETE, 1)
ALIVE = Means(Stage.NONE)
"""A webhook that ends nothing and names the task."""

IDS = {"task_id": TASK, "conversion_id": CONVERSION}
LONG = {
    "success": True,
    **IDS,
    "eta": 48,
    "credit_estimate": 1.1,
    "message": "Message published to queue",
    "status": "IN_QUEUE",
}
TWICE = says(LONG).body[:-1] + b', "status": "FAILED", "status": "IN_QUEUE"}'

HEAD = {"success": True, "conversion_type": "Cover", **IDS}
SEED = {**HEAD, "audio_url": MP3, "audio_url_wav": WAV, "conversion_cost": "0.94", "conversion_duration": 231.08}
NEW = {**HEAD, "conversion_path": MP3, "conversion_duration": 231.08, "message": "Conversion Completed"}
GENERIC = {
    "task_id": TASK,
    "status": "COMPLETED",
    "status_msg": "done",
    "conversion_type": "COVER",
    "audio_url": MP3,
    "title": "",
    "conversion_cost": 0.94,
    "createdAt": "2026-11-20T18:40:00Z",
    "updatedAt": "2026-11-20T18:41:02Z",
}
FAILED_GENERIC = {"task_id": TASK, "status": "FAILED", "status_msg": "could not separate", "conversion_type": "COVER"}


def without(body: dict[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names} | more


def flat(status: Any, link: Any = None, **more: Any) -> dict[str, Any]:
    known = {**IDS, "status": status, "status_msg": "", "audio_url": link, "conversion_cost": 0.94}
    return {"success": True, "conversion": {**known, "title": "", "lyrics": "", "music_style": "", **more}}


def numbered(status: Any, link: Any = "", **more: Any) -> dict[str, Any]:
    known = {
        "task_id": TASK,
        "feature": "COVER",
        "status": status,
        "message": "done",
        "webhook_url": CALLBACK.format(provider="musicgpt"),
        "conversion_id_1": CONVERSION,
        "conversion_path_1": link,
        "conversion_path_wav_1": "",
        "conversion_duration_1": 231.08,
        "createdAt": "2026-11-20T18:40:00.557+00:00",
    }
    return {"success": True, "conversion": known | more}


def failed(words: str, status: str = "FAILED") -> Answer:
    return says(flat(status, status_msg=words))


def refusal(words: Any = "no", key: str = "error") -> dict[str, Any]:
    return {"success": False, key: words}


def each_way(code: int, kind: E) -> dict[str, tuple[Answer, E]]:
    return {f"{code} under {key}": (says(refusal("no", key), code), kind) for key in ("error", "message", "detail")} | {
        f"{code} without a body": (says(b"", code), kind),
        f"{code} as a page": (says(PAGE, code), kind),
    }


def in_a_200(words: str, kind: E) -> dict[str, tuple[Answer, E]]:
    return {f"refused in a 200: {words}": (says(refusal(words)), kind)}


LISTED = {"detail": [{"loc": ["body", "pitch"], "msg": "value is not a valid integer", "type": "type_error"}]}
SAMPLES = Samples(
    accepted={
        "as documented": says(LONG),
        "the short answer": says({"success": True, **IDS, "eta": 33}),
        "the status twice": says(TWICE),
        "eta as text": says({**LONG, "eta": "48"}),
        "eta of words": says({**LONG, "eta": "soon"}),
        "eta null": says({**LONG, "eta": None}),
        "without eta": says(without(LONG, "eta")),
        "without the conversion": says({"success": True, "task_id": TASK}),
        "HTTP 201": says(LONG, 201),
    },
    refused={
        **each_way(400, E.SOURCE_UNFETCHABLE),
        **each_way(401, E.AUTH),
        **each_way(402, E.NO_CREDIT),
        **each_way(403, E.AUTH),
        **each_way(404, E.FIX_REQUEST),
        **each_way(422, E.FIX_REQUEST),
        **each_way(429, E.RATE_LIMITED),
        "400 as documented": (says(refusal("source file could not be downloaded"), 400), E.SOURCE_UNFETCHABLE),
        "400 about a parameter": (says(refusal("Malformed request parameters"), 400), E.FIX_REQUEST),
        "400 about a parameter under message": (says(refusal("voice_id is required", "message"), 400), E.FIX_REQUEST),
        "402 with figures": (
            says({**refusal("not enough credit"), "required_credits": 2, "available_credits": 0}, 402),
            E.NO_CREDIT,
        ),
        "422 as a list": (says(LISTED, 422), E.FIX_REQUEST),
        "429 as documented": (says(refusal("parallel limit reached"), 429), E.RATE_LIMITED),
        **in_a_200("source file could not be downloaded", E.SOURCE_UNFETCHABLE),
        **in_a_200("audio_url and audio_file are both empty", E.FIX_REQUEST),
        **in_a_200("Not enough credit", E.NO_CREDIT),
        **in_a_200("parallel limit reached", E.RATE_LIMITED),
        **in_a_200("key not accepted", E.AUTH),
        **in_a_200("against the content policy", E.CONTENT_REFUSED),
    },
    unknown={
        **{f"{code}": says(refusal("internal error"), code) for code in (409, 500, 502, 503, 504, 418)},
        **{f"{code} as a page": says(PAGE, code) for code in (409, 500, 502, 503, 504)},
        "500 without a body": says(b"", 500),
        "refused in a 200 without a known word": says(refusal("internal error")),
        "refused in a 200 without a word": says({"success": False}),
        "refused in a 200 with a task": says({**refusal("parallel limit reached"), "task_id": TASK}),
        "a 429 around a success": says(LONG, 429),
        "a 402 with a task": says({**refusal("not enough credit"), "task_id": TASK}, 402),
        "accepted without an id": says(without(LONG, "task_id")),
        "accepted with an id of another type": says({**LONG, "task_id": {"id": TASK}}),
        "accepted without success": says(without(LONG, "success")),
        "success as text": says({**LONG, "success": "true"}),
        "HTTP 200 as a page": says(PAGE),
        "a redirect": says(b"", 302),
        "a list": says([LONG]),
    },
    polls={
        **{
            f"{word}, {form.__name__}": (says(form(word)), RUNNING)
            for form in (flat, numbered)
            for word in ("IN_QUEUE", "IN_PROGRESS", "PENDING", "PROCESSING", "in_progress", "MASTERING", "", None)
        },
        **{
            f"{word}, {form.__name__}": (says(form(word, MP3)), DONE)
            for form in (flat, numbered)
            for word in ("COMPLETED", "completed", "Completed")
        },
        **{
            f"{word}, {form.__name__}": (says(form(word)), Means(kind=E.RETRY_LATER))
            for form in (flat, numbered)
            for word in ("ERROR", "FAILED", "error", "failed")
        },
        "COMPLETED without a link": (says(flat("COMPLETED")), RUNNING),
        "COMPLETED without a link, numbered": (says(numbered("COMPLETED")), RUNNING),
        "COMPLETED with a link that is none": (says(flat("COMPLETED", "file:///a.mp3")), RUNNING),
        "COMPLETED with both links": (says(flat("COMPLETED", MP3, audio_url_wav=WAV)), DONE),
        "COMPLETED with a wav alone": (says(flat("COMPLETED", None, audio_url_wav=WAV)), DONE),
        "COMPLETED with a numbered wav alone": (says(numbered("COMPLETED", "", conversion_path_wav_1=WAV)), DONE),
        "COMPLETED with conversion_path": (says(flat("COMPLETED", None, conversion_path=MP3)), DONE),
        "COMPLETED without success": (says(without(flat("COMPLETED", MP3), "success")), DONE),
        "COMPLETED in what is no success": (says({**flat("COMPLETED", MP3), "success": False}), RUNNING),
        "IN_PROGRESS with a link": (says(flat("IN_PROGRESS", MP3)), RUNNING),
        "ERROR as documented": (failed("voice model unavailable", "ERROR"), Means(kind=E.RETRY_LATER)),
        "FAILED about content": (failed("Content not permitted"), Means(kind=E.CONTENT_REFUSED)),
        "FAILED about the source": (failed("source could not be downloaded"), Means(kind=E.SOURCE_UNFETCHABLE)),
        "FAILED about the source, numbered": (
            says(numbered("FAILED", message="could not download it")),
            Means(kind=E.SOURCE_UNFETCHABLE),
        ),
        "FAILED with a link": (says(flat("FAILED", MP3)), Means(kind=E.RETRY_LATER)),
        "FAILED in what is no success": (says({**flat("FAILED"), "success": False}), Means(kind=E.RETRY_LATER)),
        "400 as documented": (says(refusal("conversionType is required", "message"), 400), RUNNING),
        **{
            f"{code}": (says(refusal("no", "message"), code), RUNNING)
            for code in (401, 403, 404, 409, 422, 429, 500, 502, 503, 504)
        },
        "HTTP 500 around a completion": (says(flat("COMPLETED", MP3), 500), RUNNING),
        "HTTP 404 around a failure": (says(flat("FAILED"), 404), RUNNING),
        "502 as a page": (says(PAGE, 502), RUNNING),
        "200 as a page": (says(PAGE), RUNNING),
        "200 without a body": (says(b""), RUNNING),
        "conversion null": (says({"success": True, "conversion": None}), RUNNING),
        "conversion as a list": (says({"success": True, "conversion": [flat("COMPLETED", MP3)]}), RUNNING),
        "refused in a 200": (says(refusal("not found", "message")), RUNNING),
    },
    callbacks={
        "seed": (SEED, DONE),
        "seed with COVER and a cost as number": ({**SEED, "conversion_type": "COVER", "conversion_cost": 0.94}, DONE),
        "seed without a wav": (without(SEED, "audio_url_wav"), DONE),
        "seed with an empty wav": ({**SEED, "audio_url_wav": ""}, DONE),
        "seed with a wav alone": (without(SEED, "audio_url"), DONE),
        "seed with conversion_path beside": ({**SEED, "conversion_path": MP3}, DONE),
        "seed without a task": (without(SEED, "task_id"), DONE),
        "seed without a link": (without(SEED, "audio_url", "audio_url_wav"), ALIVE),
        "seed without a link or a task": (without(SEED, "audio_url", "audio_url_wav", "task_id"), NOTHING),
        "new": (NEW, DONE),
        "new with a wav": ({**NEW, "conversion_path_wav": WAV}, DONE),
        "numbered": (without(NEW, "conversion_path", conversion_path_1=MP3, conversion_path_wav_1=WAV), DONE),
        "numbered with a wav alone": (without(NEW, "conversion_path", conversion_path_wav_1=WAV), DONE),
        "generic": (GENERIC, DONE),
        "generic in lower case": ({**GENERIC, "status": "completed"}, DONE),
        "generic without a link": (without(GENERIC, "audio_url"), ALIVE),
        "generic that still runs": ({**GENERIC, "status": "IN_PROGRESS"}, ALIVE),
        "a success that calls itself running": ({**SEED, "status": "IN_PROGRESS"}, ALIVE),
        "a link without success or status": (without(SEED, "success"), ALIVE),
        "failure": ({**HEAD, "success": False, "error": "conversion failed"}, ALIVE),
        "failure with a link": ({**SEED, "success": False}, ALIVE),
        "failure with status COMPLETED": ({**GENERIC, "success": False}, ALIVE),
        "failure without a task": (refusal("conversion failed"), NOTHING),
        "generic failure": (FAILED_GENERIC, ALIVE),
        "generic failure in lower case": ({**FAILED_GENERIC, "status": "error"}, ALIVE),
        "an empty object": ({}, NOTHING),
    },
    requests={
        "a voice": (a_request(voice="velvet-alto", prompt=None), {"voice_id": "velvet-alto"}),
        "a pitch of nothing": (a_request(voice="velvet-alto", pitch=0), {"voice_id": "velvet-alto", "pitch": "0"}),
        "everything": (
            a_request(
                voice="9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f",
                pitch=-12,
                lyrics="[Verse] fog",
                style="jazz",
                title="Fog",
                instrumental=True,
                style_weight=0.5,
                vocal_gender="male",
            ),
            {"voice_id": "9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f", "pitch": "-12"},
        ),
    },
    source_field="audio_url",
    callback_field="webhook_url",
    echo_refusal=lambda words: says(refusal(words), 400),
    echo_failure=lambda words: failed(words),
    signed=False,
)
