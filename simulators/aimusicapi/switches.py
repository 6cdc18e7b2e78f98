"""Every switch of the aimusicapi fake, as data: `GET /_control/faults` shows this table.

Switches counted per task are read when the task is accepted, and hold for that task whatever is switched later.
"""

from simulators import callbacks, media
from simulators.faults import Switch
from simulators.values import choice, flag, number, rate, text, whole

ERROR_CODES = ("400", "401", "402", "403", "404", "429", "500")


def on_or_off(value: object) -> bool:
    return flag({"on": True, "off": False}.get(value, value) if isinstance(value, str) else value)


SUBMIT: dict[str, Switch] = {
    "submit": Switch(
        choice(
            "hang", "reset_after_accept", "500_after_accept", "hang_before_accept", "reset_before_accept", "html_502",
            *ERROR_CODES,
        ),
        "hang, reset_after_accept, 500_after_accept (all three charged, the task lives on), hang_before_accept, "
        "reset_before_accept, html_502, or an error code (none of these charged)",
        "how a valid submit is answered",
        "submit",
    ),
    "id_keys": Switch(
        choice("both", "workId", "task_id", "id"), "both, workId, task_id or id", "where the new id stands", "submit"
    ),
    "callback_before_submit_reply": Switch(
        choice("text", "first", "complete", "failed"), "true (text) or a stage", "the reply waits for it", "submit"
    ),
    "rate_limit": Switch(rate, "count/seconds as in 20/10s, or off", "new tasks per account", default=(20, 10.0)),
    "credits": Switch(whole, "a number", "sets the balance at once; 402 when a song costs more"),
    "prompt_rule": Switch(
        choice("table", "tips"), "table or tips", "whether an instrumental idea needs a prompt", default="table"
    ),
    "require_style_title": Switch(on_or_off, "on or off", "whether custom mode needs both", default=True),
}  # fmt: skip

TASK: dict[str, Switch] = callbacks.SWITCHES | {
    "retry_max": Switch(whole, "a number", "retries after the first attempt (none is documented)", "task", 0),
    "receiver_status": Switch(choice("2xx", "200"), "2xx or 200", "what counts as received", "task", "2xx"),
    "stages": Switch(
        choice("all", "final_only", "none"), "all, final_only or none", "which callbacks are sent", "task", "all"
    ),
    "skip_text": Switch(flag, "true", "no text callback", "task"),
    "skip_first": Switch(flag, "true", "no first callback", "task"),
    "late_stage": Switch(choice("text", "first", "complete"), "true or a stage", "sent again after the end", "task"),
    "callback_shape": Switch(
        choice("array", "data_array", "data_object", "status_object"),
        "array, data_array, data_object or status_object", "what a callback's body is", "task", "array",
    ),
    "callback_on_failure": Switch(
        choice("array", "object", "none"), "array, object or none", "what is called back of a failure", "task", "array"
    ),
    "local_callbacks": Switch(
        choice("send", "silent"), "send or silent", "silent: never to localhost or a private address", "task", "send"
    ),
    "clip_task_id": Switch(flag, "true", "callback clips name their task", "task"),
    "createTime": Switch(choice("iso", "epoch_ms"), "iso or epoch_ms", "in callback clips", "task", "iso"),
    "duration": Switch(
        choice("number", "string", "m:ss"), "number, string or m:ss", "of a finished clip", "task", "number"
    ),
    "duration_empty": Switch(flag, "true", "finished clips have no duration either", "task"),
    "takes": Switch(choice("1", "2"), "1 or 2", "how many clips a task makes", "task", "2"),
    "pending_rows": Switch(flag, "true", "clips at pending before the text is there", "task"),
    "running_rows": Switch(flag, "true or false", "whether the status shows clips before the end", "task", True),
    "success_while_text": Switch(flag, "true", "SUCCESS as soon as there are clips, finished or not", "task"),
    "one_clip_stuck": Switch(flag, "true", "the second clip stays at text for ever, under SUCCESS", "task"),
    "complete_without_urls": Switch(flag, "true", "clips without URL in the complete callback", "task"),
    "type": Switch(choice("FAILED", "ERROR"), "FAILED or ERROR", "the task fails with that word", "task"),
    "fail_where": Switch(
        choice("fail_message", "error_message", "none"), "fail_message, error_message or none",
        "where a failure says why (FAILED: fail_message, ERROR: error_message)", "task",
    ),
    "error_message": Switch(text, "a text", "instead of the usual message of a failure", "task"),
    "response_data": Switch(
        choice("null", "[]"), "null or []", "when the task failed, and while it has no clips", "task"
    ),
    "refund_on_fail": Switch(flag, "true or false", "failed tasks cost nothing", "task", True),
    "extra_fields": Switch(flag, "true", "unknown fields in clips and status", "task"),
    "stuck_pending": Switch(flag, "true", "IN_PROGRESS for ever, no callback", "task"),
    "pending_with_error": Switch(flag, "true", "IN_PROGRESS for ever with a clip that failed, no callback", "task"),
    "not_found_for": Switch(number, "real seconds", "status 404 for so long after submit", "task", 0.0),
}  # fmt: skip

STATUS: dict[str, Switch] = {
    "status": Switch(
        choice("hang", "reset", "html_502", *ERROR_CODES), "hang, reset, html_502 or a code", "instead of an answer",
        "poll",
    ),
    "status_shape": Switch(
        choice("enveloped", "legacy"), "enveloped or legacy", "legacy: no envelope, type new, text, first, complete",
        default="enveloped",
    ),
    "success_word": Switch(text, "a word such as COMPLETED", "instead of SUCCESS", default="SUCCESS"),
    "success_without_urls": Switch(flag, "true", "SUCCESS with every URL empty", "poll (that would show SUCCESS)"),
    "unknown_type_word": Switch(text, "a word", "instead of the type", "poll"),
    "poll_limit": Switch(rate, "count/seconds, or off", "queries per task", default="off"),
}  # fmt: skip

MEDIA: dict[str, Switch] = media.switches("stream", "http_only") | {
    "stream_lives": Switch(number, "real seconds", "how long stream links live after the end", default=300.0),
}

ALL: dict[str, Switch] = {
    "http_mirrors_code": Switch(flag, "true or false", "HTTP status says what the code says", default=True),
    "200_with_code": Switch(flag, "true", "errors inside an HTTP 200 (over http_mirrors_code)", default=False),
    "msg_key": Switch(choice("msg", "message"), "msg or message", "for every error (400: msg, others: message)"),
    "edge_403_without_UA": Switch(flag, "true", "HTML 403 for requests without a User-Agent", "request", False),
    "html_502": Switch(flag, "true", "HTML 502 from everything but media", "request", False),
    "maintenance": Switch(flag, "true", "HTML 503 from everything but media", "request", False),
}

SWITCHES: dict[str, Switch] = SUBMIT | TASK | STATUS | MEDIA | ALL
