"""Five small clients, each as its vendor's own page tells one to write it. Only the host and the key are ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Client:
    """`submit(source, callback)` is the call; `task` and `links` read the answers; `headers` carry the key."""

    submit: Callable[[str, str | None], Mapping[str, Any]]
    task: Callable[[Any], str]
    status: Callable[[str], tuple[str, Mapping[str, str]]]
    links: Callable[[Any], list[str] | None]
    key: Callable[[str], str]
    path: str


def _bearer(key: str) -> str:
    return f"Bearer {key}"


def _suno(source: str, callback: str | None) -> Mapping[str, Any]:
    body = {
        "uploadUrl": source,
        "customMode": False,
        "instrumental": False,
        "model": "V4_5",
        "prompt": "rainy tram ride, brushed drums",
        "callBackUrl": callback or "https://client.example/callback",
    }
    return {"json": body}


def _suno_links(answer: Any) -> list[str] | None:
    assert answer["code"] == 200, answer
    record = answer["data"]
    assert not record["errorCode"], answer
    rows = (record["response"] or {}).get("sunoData") or []
    return [row["audioUrl"] for row in rows] if record["status"] == "SUCCESS" else None


SUNO = Client(
    submit=_suno,
    task=lambda answer: str(answer["data"]["taskId"]),
    status=lambda task: ("/api/v1/generate/record-info", {"taskId": task}),
    links=_suno_links,
    key=_bearer,
    path="/api/v1/generate/upload-cover",
)


def _aimusicapi(source: str, callback: str | None) -> Mapping[str, Any]:
    body = {"model": "chirp-v4-5", "upload_url": source, "custom_mode": False, "prompt": "a slow country waltz"}
    return {"json": {**body, "callback_url": callback} if callback else body}


def _aimusicapi_links(answer: Any) -> list[str] | None:
    assert answer["data"]["type"] in ("IN_PROGRESS", "SUCCESS"), answer
    clips = answer["data"]["response_data"] or []
    return [clip["audio_url"] for clip in clips] if answer["data"]["type"] == "SUCCESS" else None


def _aimlapi_links(answer: Any) -> list[str] | None:
    assert answer["status"] in ("queued", "generating", "completed"), answer
    return [answer["audio_file"]["url"]] if answer["status"] == "completed" else None


def _musicgpt(source: str, callback: str | None) -> Mapping[str, Any]:
    form = {"audio_url": source, "voice_id": "velvet-alto", "pitch": "0", "webhook_url": callback or ""}
    return {"data": form}


def _musicgpt_links(answer: Any) -> list[str] | None:
    conversion = answer["conversion"]
    assert conversion["status"] in ("IN_QUEUE", "IN_PROGRESS", "COMPLETED"), answer
    return [conversion["audio_url"]] if conversion["status"] == "COMPLETED" else None


CLIENTS: Mapping[str, Client] = {
    "kie": SUNO,
    "sunoapi": SUNO,
    "aimusicapi": Client(
        submit=_aimusicapi,
        task=lambda answer: str(answer["workId"]),
        status=lambda task: ("/api/v2/upload-cover/status", {"task_id": task}),
        links=_aimusicapi_links,
        key=_bearer,
        path="/api/v2/upload-cover/generate",
    ),
    "aimlapi": Client(
        submit=lambda source, callback: {
            "json": {"model": "minimax/music-cover", "prompt": "warm lo-fi jazz", "reference_audio_url": source}
        },
        task=lambda answer: str(answer["id"]),
        status=lambda task: ("/v2/generate/audio", {"generation_id": task}),
        links=_aimlapi_links,
        key=_bearer,
        path="/v2/generate/audio",
    ),
    "musicgpt": Client(
        submit=_musicgpt,
        task=lambda answer: str(answer["task_id"]),
        status=lambda task: ("/api/public/v1/byId", {"conversionType": "COVER", "task_id": task}),
        links=_musicgpt_links,
        key=str,
        path="/api/public/v1/Cover",
    ),
}


@dataclass
class Session:
    """One vendor's client pointed at us."""

    dialect: str
    http: httpx.Client

    @classmethod
    def open(cls, dialect: str, api_url: str, key: str) -> "Session":
        headers = {"Authorization": CLIENTS[dialect].key(key)}
        return cls(dialect, httpx.Client(base_url=f"{api_url}/{dialect}", headers=headers, timeout=60))

    def submit(self, source: str, callback: str | None = None, **headers: str) -> httpx.Response:
        client = CLIENTS[self.dialect]
        return self.http.post(client.path, headers=headers, **client.submit(source, callback))

    def task(self, answer: httpx.Response) -> str:
        return CLIENTS[self.dialect].task(answer.json())

    def links(self, task: str) -> list[str] | None:
        """Where the audio is; None while it is being made."""
        path, query = CLIENTS[self.dialect].status(task)
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return CLIENTS[self.dialect].links(answer.json())
