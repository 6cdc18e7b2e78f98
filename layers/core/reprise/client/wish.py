"""What a cover may be asked for beside its song: the body of `POST /v1/covers`, whose rules docs/api.md has."""

from typing import Literal, TypedDict


class Output(TypedDict, total=False):
    """Hz and bit/s."""

    format: str
    sample_rate: int
    bitrate: int


class WebhookWish(TypedDict, total=False):
    url: str
    events: list[str]


class Wish(TypedDict, total=False):
    prompt: str
    lyrics: str
    style: str
    title: str
    instrumental: bool
    negative_style: str
    vocal_gender: Literal["male", "female"]
    style_weight: float
    weirdness: float
    audio_weight: float
    voice: str
    pitch: int
    output: Output
    model: str
    provider: str | list[str]
    max_usd: float
    deadline: int
    strict: bool
    when_unknown: Literal["fail", "resubmit"]
    metadata: dict[str, str]
    webhook: WebhookWish
