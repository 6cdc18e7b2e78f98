"""Every switch of the MusicGPT fake, as data: `GET /_control/faults` shows this table.

Switches counted per task are read when the task is accepted, and hold for that task whatever is switched later.
"""

import re
from typing import Any

from simulators import callbacks, media
from simulators.faults import Switch
from simulators.musicgpt.plans import PARALLEL
from simulators.values import choice, flag, number, rate, text, true_or_text, whole

ERROR_CODES = ("400", "401", "402", "403", "404", "409", "422", "429", "500", "502", "503", "504")
_MANNERS = ("hang", "reset_after_accept", "500_after_accept", "hang_before_accept", "reset_before_accept", "html_502")


def _eta(value: Any) -> int | str:
    return text(value) if isinstance(value, str) else whole(value)


def _per_minute(value: Any) -> tuple[int, float] | str:
    """`20/min`, or just 20; else as every rate."""
    found = re.fullmatch(r"(\d+)(?:/min)?", str(value))
    return (int(found[1]), 60.0) if found and not isinstance(value, bool) else rate(value)


SUBMIT: dict[str, Switch] = {
    "submit": Switch(
        choice(*_MANNERS, "refused_200", *ERROR_CODES),
        "hang, reset_after_accept, 500_after_accept (all three charged, the task lives on), hang_before_accept, "
        "reset_before_accept, html_502, refused_200 (success false in a 200), or an error code (none of these charged)",
        "how a valid submit is answered",
        "submit",
    ),
    "submit_reply": Switch(
        choice("long", "short", "duplicate_status_key"), "long, short or duplicate_status_key", "keys of the reply",
        "submit", "long",
    ),
    "omit_message": Switch(flag, "true", "no message in the reply", "submit", False),
    "eta": Switch(_eta, "a number, or a text", "instead of an honest one", "submit"),
    "webhook_before_reply": Switch(flag, "true", "the reply waits for the webhook", "submit", False),
    "accept": Switch(
        choice("forms", "multipart", "urlencoded", "json", "all"), "forms, multipart, urlencoded, json or all",
        "encodings whose fields are seen at all", default="forms",
    ),
    "accept_audio_path": Switch(flag, "true", "audio_path is another name of audio_url", default=False),
    "source_fail": Switch(
        choice("submit_400", "task_error"), "submit_400 or task_error", "how a bad source is told", default="submit_400"
    ),
    "plan": Switch(choice(*PARALLEL), ", ".join(PARALLEL), "the subscription, for both limits", default="pro"),
    "parallel_limit": Switch(whole, "a number", "429 while so many covers run (over plan)"),
    "rate_limit": Switch(rate, "count/seconds as in 20/10s, or off", "new covers per account", default="off"),
    "credits": Switch(whole, "a number", "sets the balance at once; 402 without any"),
    "error_details": Switch(flag, "true", "402 says what is required and available", default=False),
}  # fmt: skip

TASK: dict[str, Switch] = callbacks.SWITCHES | {
    "receiver_status": Switch(choice("2xx", "200"), "2xx or 200", "what counts as received", "task", "2xx"),
    "duplicate_webhook": Switch(whole, "a number", "each webhook is sent so many times", "task", 1),
    "webhook": Switch(
        choice("seed", "new", "generic", "none"), "seed, new, generic or none", "body of the webhook", "task", "seed"
    ),
    "webhook_failure": Switch(
        choice("success_false", "status_failed", "none"), "success_false, status_failed or none", "of a failure",
        "task", "success_false",
    ),
    "false_failure": Switch(
        choice("before", "after"), "before or after", "a failure webhook too, though the cover succeeds", "task"
    ),
    "webhook_without_link": Switch(flag, "true", "a success without any link", "task"),
    "webhook_task_id": Switch(
        choice("right", "missing", "other"), "right, missing or other", "in webhooks", "task", "right"
    ),
    "conversion_type": Switch(choice("Cover", "COVER"), "Cover or COVER", "instead of the usual", "task"),
    "cost": Switch(choice("string", "number"), "string or number", "instead of what the shape has", "task"),
    "wav": Switch(
        choice("yes", "no", "empty", "only"), "yes, no, empty or only", "wav link, instead of what the shape has",
        "task",
    ),
    "byid": Switch(choice("flat", "numbered"), "flat or numbered", "the status record", "task", "flat"),
    "status_words": Switch(
        choice("sdk", "pending_processing", "lowercase"), "sdk, pending_processing or lowercase", "everywhere", "task",
        "sdk",
    ),
    "fail": Switch(true_or_text, "true or a message", "the task fails", "task"),
    "fail_word": Switch(choice("FAILED", "ERROR"), "FAILED or ERROR", "how failed is spelt", "task", "FAILED"),
    "stuck": Switch(choice("IN_QUEUE", "IN_PROGRESS"), "IN_QUEUE or IN_PROGRESS", "for ever, no webhook", "task"),
    "not_found_for": Switch(number, "real seconds", "status unknown for so long after submit", "task", 0.0),
    "extra_fields": Switch(flag, "true", "unknown fields in replies, webhooks and status", "task"),
}  # fmt: skip

STATUS: dict[str, Switch] = {
    "status": Switch(
        choice("hang", "reset", "html_502", *ERROR_CODES), "hang, reset, html_502 or a code",
        "instead of an answer to byId", "poll",
    ),
    "completed_without_link": Switch(flag, "true", "COMPLETED without a link", "poll (that would show one)"),
    "unknown_status_word": Switch(text, "a word", "instead of the status", "poll"),
    "not_found_as": Switch(choice("404", "400"), "404 or 400", "how the unknown is said", default="404"),
    "byid_limit": Switch(_per_minute, "count/min, count/seconds, or off", "byId per account (over plan)"),
}  # fmt: skip

MEDIA: dict[str, Switch] = media.switches("403_expired") | {
    "media_on": Switch(choice("both", "mp3", "wav"), "both, mp3 or wav", "which links lie", default="both"),
}

ALL: dict[str, Switch] = {
    "auth_code": Switch(choice("401", "403"), "401 or 403", "for a wrong key", default="401"),
    "reject_bearer": Switch(flag, "true", "a key behind the word Bearer is a wrong one", default=False),
    "host_prefix": Switch(text, "a path", "the only one that is served, and /Cover only with its capital"),
    "error_key": Switch(choice("error", "message", "detail"), "error, message or detail", "of every error's text"),
    "voices": Switch(whole, "a number", "how many there are", default=25),
    "maintenance": Switch(flag, "true", "503 from everything but media", "request", False),
}

SWITCHES: dict[str, Switch] = SUBMIT | TASK | STATUS | MEDIA | ALL
