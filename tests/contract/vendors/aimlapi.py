"""AI/ML API as its pages show it and as others have seen it."""

from typing import Any

from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.domain.request import Output
from reprise.providers.client import Answer

from tests.contract.vendors.samples import RUNNING, TASK, Means, Samples, says
from tests.factories import a_request

MODEL = "minimax/music-cover"
LYRICS = "[Verse]: the kettle sings before the rain"
LINK = "https://media.example.net/music%2Fout%2F20261121024131-8fQz.mp3?Expires=1795286491&Signature=Zm9v%2BYmFy%3D"
DONE = Means(Stage.COMPLETE, 1)
PAGE = b"<html><body><h1>no</h1></body></html>"


def job(status: Any, **more: Any) -> dict[str, Any]:
    return {"id": TASK, "status": status} | more


def filed(status: Any, link: Any = LINK, **more: Any) -> dict[str, Any]:
    return job(status, audio_file={"url": link}, **more)


def failed(message: Any, status: Any = "error", **more: Any) -> dict[str, Any]:
    return job(status, audio_file=None, error={"name": "GenerationError", "message": message}, **more)


def classic(code: int, message: Any = "no", told: Any = None) -> Answer:
    """The usual envelope; `statusCode` was once a text."""
    body = {
        "requestId": "5f0b7c1e-3a52-4f77-9a10-6b1d0e4cf211",
        "statusCode": told or code,
        "timestamp": "2026-11-20T18:40:00.412Z",
        "path": "/v2/generate/audio",
        "message": message,
        "meta": {"_errors": []},
    }
    return says(body, code)


def titled(code: int, message: str = "no") -> Answer:
    return says({"title": "No", "status": code, "message": message}, code)


def every_way(code: int, kind: E, message: str = "no") -> dict[str, tuple[Answer, E]]:
    return {
        f"{code}: {message}": (classic(code, message), kind),
        f"{code} as text: {message}": (classic(code, message, str(code)), kind),
        f"{code} with a title: {message}": (titled(code, message), kind),
    }


def sent(prompt: str, **more: Any) -> dict[str, Any]:
    return {"model": MODEL, "prompt": prompt, **more}


DONE_WORDS = ("completed", "complete", "succeeded", "success", "done", "ready", "finished")
FAILED_WORDS = ("error", "failed", "cancelled", "timeout", "expired")
MINIMAX = {
    **dict.fromkeys(("1000", "1001", "1004", "1008", "1024", "1033", "1039", "1041", "1042", "2049"), E.RETRY_LATER),
    "1002": E.RATE_LIMITED,
    "1026": E.CONTENT_REFUSED,
    "1027": E.CONTENT_REFUSED,
    "2013": E.FIX_REQUEST,
}
FAILURES = {
    "reference audio is longer than allowed": E.FIX_REQUEST,
    "reference audio is longer than 360 s": E.FIX_REQUEST,
    "prompt is too long": E.FIX_REQUEST,
    "reference_audio_url: the audio is too short": E.FIX_REQUEST,
    "reference audio format is not supported": E.FIX_REQUEST,
    "body validation error": E.FIX_REQUEST,
    "failed to download reference_audio_url: HTTP 403": E.SOURCE_UNFETCHABLE,
    "could not Fetch the reference": E.SOURCE_UNFETCHABLE,
    "invalid URL": E.SOURCE_UNFETCHABLE,
    "could not fetch https://files.example.net/1026/in.mp3": E.SOURCE_UNFETCHABLE,
    "the lyrics violate our guidelines": E.CONTENT_REFUSED,
    "refused by moderation": E.CONTENT_REFUSED,
    "no moderate tempo found": E.RETRY_LATER,
    "hourly limit": E.RETRY_LATER,
    "generation took too long": E.RETRY_LATER,
    "generation takes longer than expected": E.RETRY_LATER,
    "preprocessing is missing, see https://docs.example.net/url": E.RETRY_LATER,
    "generation failed": E.RETRY_LATER,
}
DETAIL = {"detail": [{"loc": ["body"], "msg": "MiniMax error 1026", "type": "value_error", "input": ""}]}

SAMPLES = Samples(
    accepted={
        "as documented": says(job("queued")),
        "201": says(job("queued"), 201),
        "202": says(job("queued"), 202),
        "generation_id": says({"generation_id": TASK, "status": "queued"}),
        "without a status": says({"id": TASK}),
        "with nulls": says(job("queued", audio_file=None, error=None, meta=None)),
        "with usage": says(job("queued", meta={"usage": {"credits_used": 390000, "usd_spent": 0.195}})),
        "failed at once": says(failed("no")),
        "done at once": says(filed("completed")),
        "more fields": says(job("queued", progress={"percent": 50})),
    },
    refused={
        **every_way(400, E.FIX_REQUEST, "body validation error: prompt too short"),
        **every_way(401, E.AUTH),
        **every_way(402, E.NO_CREDIT),
        **every_way(403, E.NO_CREDIT, "you have run out of credits, see https://aimlapi.com/app/billing"),
        **every_way(403, E.NO_CREDIT, "plan limit"),
        **every_way(403, E.AUTH, "account Verification is required"),
        **every_way(403, E.AUTH, "no permission for this model"),
        **every_way(404, E.FIX_REQUEST),
        **every_way(413, E.FIX_REQUEST),
        **every_way(429, E.RATE_LIMITED),
        **every_way(500, E.RETRY_LATER, "model under Maintenance"),
        **every_way(500, E.FIX_REQUEST, 'partner: {"message":"body validation error: prompt too long"}'),
        **every_way(500, E.FIX_REQUEST, "validation error, see our maintenance page"),
        **every_way(503, E.RETRY_LATER),
        "400 with several messages": (classic(400, ["prompt too short"]), E.FIX_REQUEST),
        "401 without a body": (says(b"", 401), E.AUTH),
        "413 as a page": (says(PAGE, 413), E.FIX_REQUEST),
        "429 as a page": (says(PAGE, 429), E.RATE_LIMITED),
    },
    unknown={
        "500": classic(500, "internal server error"),
        "500 with a title": titled(500),
        "500 without a body": says(b"", 500),
        "502": classic(502),
        "502 as a page": says(PAGE, 502),
        "503 as a page": says(PAGE, 503),
        "503 of a proxy whose upstream hung up": says(
            b"upstream connect error or disconnect/reset before headers", 503
        ),
        "503 without a body": says(b"", 503),
        "504": classic(504),
        "504 about maintenance": classic(504, "under maintenance"),
        "504 as a page": says(PAGE, 504),
        "a code that nobody knows": classic(418),
        "520 as a page": says(PAGE, 520),
        "accepted without an id": says({"status": "queued"}),
        "accepted with an empty id": says({"id": "", "status": "queued"}),
        "accepted with an id of another type": says({"id": {"id": TASK}}),
        "an error with HTTP 200": says({"statusCode": 400, "message": "no"}),
        "HTTP 500 around a success": says(job("queued"), 500),
        "HTTP 200 as a page": says(PAGE),
        "HTTP 200 without a body": says(b""),
        "HTTP 204": says(b"", 204),
        "a list": says([job("queued")]),
        "a redirect": says(b"", 302),
        "half a body": says(b'{"id":"a41'),
    },
    polls={
        **{word: (says(job(word)), RUNNING) for word in ("queued", "generating", "waiting", "active")},
        **{f"{word} with a file": (says(filed(word)), DONE) for word in DONE_WORDS},
        **{f"{word} without a file": (says(job(word)), RUNNING) for word in DONE_WORDS},
        **{word: (says(job(word)), Means(kind=E.RETRY_LATER)) for word in FAILED_WORDS},
        **{f"MiniMax {code}": (says(failed(f"MiniMax error {code}")), Means(kind=k)) for code, k in MINIMAX.items()},
        **{words: (says(failed(words)), Means(kind=kind)) for words, kind in FAILURES.items()},
        "COMPLETED": (says(filed("COMPLETED")), DONE),
        "completed with everything": (
            says(
                job(
                    "completed",
                    audio_file={"url": LINK, "content_type": "audio/mpeg", "file_name": "x.mp3", "file_size": 4},
                    error=None,
                    meta={"usage": {"credits_used": 390000, "usd_spent": 0.195}},
                )
            ),
            DONE,
        ),
        "completed in spite of an error": (says(filed("completed", error={"message": "meter"})), DONE),
        "completed with an empty link": (says(filed("completed", "")), RUNNING),
        "completed with no link": (says(filed("completed", None)), RUNNING),
        "completed with a link that is none": (says(filed("completed", "music/out.mp3")), RUNNING),
        "completed with a file that is a text": (says(job("completed", audio_file=LINK)), RUNNING),
        "completed with an error and no file": (
            says(failed("MiniMax error 1027", "completed")),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "generating with a file": (says(filed("generating")), RUNNING),
        "generating with an error": (says(failed("no", "generating")), Means(kind=E.RETRY_LATER)),
        "generating with an empty error": (says(job("generating", error={})), RUNNING),
        "an error as text": (says(job("error", error="MiniMax error 1026")), Means(kind=E.CONTENT_REFUSED)),
        "an error as a list": (says(job("error", error=DETAIL)), Means(kind=E.CONTENT_REFUSED)),
        "an error with a plain detail": (
            says(job("error", error={"detail": "MiniMax error 1026"})),
            Means(kind=E.CONTENT_REFUSED),
        ),
        "an error with an empty list": (says(job("error", error={"detail": []})), Means(kind=E.RETRY_LATER)),
        "error in spite of a file": (says(filed("error", error={"message": "no"})), Means(kind=E.RETRY_LATER)),
        "a code inside a longer number": (says(failed("trace 91026")), Means(kind=E.RETRY_LATER)),
        "a word that nobody knows": (says(filed("MASTERING")), RUNNING),
        "no word": (says({"id": TASK}), RUNNING),
        "404": (classic(404, "not found"), RUNNING),
        "400": (classic(400), RUNNING),
        "401": (classic(401), RUNNING),
        "403": (titled(403, "you have run out of credits"), RUNNING),
        "429": (classic(429), RUNNING),
        "500": (classic(500), RUNNING),
        "502 as a page": (says(PAGE, 502), RUNNING),
        "504 without a body": (says(b"", 504), RUNNING),
        "an error with HTTP 200": (says({"statusCode": 404, "message": "not found"}), RUNNING),
        "HTTP 500 around a success": (says(filed("completed"), 500), RUNNING),
        "no JSON": (says(PAGE), RUNNING),
        "a list": (says([filed("completed")]), RUNNING),
    },
    requests={
        "idea": (a_request(prompt="slow bossa nova"), sent("slow bossa nova")),
        "a short idea is made long enough": (a_request(prompt="dub"), sent("A cover song: dub")),
        "style alone": (a_request(prompt=None, style="slow bossa nova"), sent("slow bossa nova")),
        "style and title": (
            a_request(prompt=None, style="slow bossa nova", title="Kettle"),
            sent("Style: slow bossa nova. Title: Kettle"),
        ),
        "all texts": (
            a_request(prompt="as if at sea", style="slow bossa nova", title="Kettle", lyrics=LYRICS, model=MODEL),
            sent("Prompt: as if at sea. Style: slow bossa nova. Title: Kettle", lyrics=LYRICS),
        ),
        "lyrics": (a_request(prompt="slow bossa nova", lyrics=LYRICS), sent("slow bossa nova", lyrics=LYRICS)),
        "longest texts": (a_request(prompt="𝄞" * 2000, lyrics="é" * 3000), sent("𝄞" * 2000, lyrics="é" * 3000)),
        "output": (
            a_request(output=Output("wav", 44100, 128000)),
            sent("make it lo-fi jazz", audio_setting={"format": "wav", "sample_rate": 44100, "bitrate": 128000}),
        ),
        "a part of output": (
            a_request(output=Output(sample_rate=16000)),
            sent("make it lo-fi jazz", audio_setting={"sample_rate": 16000}),
        ),
        "an output without wishes": (a_request(output=Output()), sent("make it lo-fi jazz")),
        "wishes that it cannot express": (
            a_request(
                instrumental=True,
                negative_style="banjo",
                vocal_gender="male",
                style_weight=0.5,
                weirdness=0.5,
                audio_weight=0.5,
                voice="someone",
                pitch=2,
            ),
            sent("make it lo-fi jazz"),
        ),
    },
    source_field="reference_audio_url",
    echo_refusal=lambda words: classic(400, words),
    echo_failure=lambda words: says(failed(words)),
    signed=False,
)
