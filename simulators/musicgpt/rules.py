"""The vendor's validation of a submit: a source, a voice, a pitch. Nothing else is looked at."""

import re
from dataclasses import dataclass

from simulators.musicgpt.forms import Form

LOWEST, HIGHEST = -12, 12
NO_SOURCE = "audio_url and audio_file are both empty"

Complaint = tuple[str, str]  # the field, and what is wrong with it


@dataclass(frozen=True, slots=True)
class Order:
    voice_id: str
    pitch: int = 0
    audio_url: str = ""
    file: bytes | None = None  # wins over the URL
    webhook_url: str = ""


def complaint(form: Form, *, audio_path: bool = False) -> Complaint | None:
    """What is wrong, in the order in which the vendor looks; None when it may be bought."""
    if not _url(form, audio_path) and "audio_file" not in form.files:
        return "audio_url", NO_SOURCE
    if not form.fields.get("voice_id", "").strip():
        return "voice_id", "voice_id is required"
    if _pitch(form) is None:
        return "pitch", f"pitch must be an integer between {LOWEST} and {HIGHEST}"
    return None


def order(form: Form, *, audio_path: bool = False) -> Order:
    """A valid form as an order. Empty strings are as good as absent."""
    fields, file = form.fields, form.files.get("audio_file")
    return Order(fields["voice_id"], _pitch(form) or 0, _url(form, audio_path), file, fields.get("webhook_url", ""))


def _url(form: Form, audio_path: bool) -> str:
    return form.fields.get("audio_url", "") or (form.fields.get("audio_path", "") if audio_path else "")


def _pitch(form: Form) -> int | None:
    given = form.fields.get("pitch", "") or "0"
    found = int(given) if re.fullmatch(r"[+-]?[0-9]{1,3}", given) else None
    return found if found is not None and LOWEST <= found <= HIGHEST else None
