"""Every switch of the kie fake, as data: `GET /_control/faults` shows this table.

Switches counted per task are read when the task is accepted, and hold for that task whatever is switched later.
"""

from simulators import callbacks, media
from simulators.faults import Switch
from simulators.values import choice, flag, flag_or_stages, number, rate, text, whole

ERROR_CODES = ("401", "402", "404", "408", "409", "422", "429", "433", "451", "455", "500", "501", "505")
CALLBACK_ERRORS = ("400", "408", "413", "500", "501", "531")
ID_PLACES = ("data.task_id", "data.taskId", "taskId")
FAILED = ("GENERATE_AUDIO_FAILED", "CREATE_TASK_FAILED", "SENSITIVE_WORD_ERROR")

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
    "submit_id_location": Switch(
        choice("data.taskId", "data.task_id", "taskId", "data.id"), "a path", "where the new id stands", "submit"
    ),
    "callback_before_submit_reply": Switch(
        choice("text", "first", "complete", "error"), "true (text) or a stage", "the reply waits for it", "submit"
    ),
    "rate_limit": Switch(rate, "count/seconds as in 20/10s, or off", "new tasks per account", default=(20, 10.0)),
    "credits": Switch(whole, "a number", "sets the balance at once"),
    "limits_profile": Switch(choice("seed", "docs"), "seed or docs", "non-custom prompt of 400 or 500", default="seed"),
    "require_callBackUrl": Switch(flag, "true or false", "422 when it is missing", default=True),
    "source_check": Switch(
        choice("later", "submit"), "later or submit", "bad source: callback 413, or 451 at once", default="later"
    ),
}  # fmt: skip

TASK: dict[str, Switch] = callbacks.SWITCHES | {
    "skip_text": Switch(flag, "true", "no text callback", "task"),
    "skip_first": Switch(flag, "true", "no first callback", "task"),
    "text_rows": Switch(
        choice("empty", "placeholder", "with_url"), "empty, placeholder or with_url", "rows of text", "task", "empty"
    ),
    "first_without_audio": Switch(flag, "true", "first has a stream URL only", "task"),
    "first_duration": Switch(choice("null", "0"), "null or 0", "duration of the row in first", "task"),
    "takes": Switch(choice("1", "2"), "1 or 2", "how many takes a task makes", "task", "2"),
    "dead_links": Switch(flag, "true", "the links of its takes answer 404 for ever", "task"),
    "complete_without_urls": Switch(flag, "true", "rows without URL in the complete callback", "task"),
    "late_stage": Switch(choice("first", "text", "complete"), "true or a stage", "sent again after the end", "task"),
    "drop_callbacks": Switch(
        flag_or_stages, "true or a list of stages", "never sent; CALLBACK_EXCEPTION if all are", "task", False
    ),
    "hmac_key": Switch(text, "a key, or null for none", "signs callbacks (over --hmac-key)"),
    "no_signature": Switch(flag, "true", "no signature headers in spite of a key", "task"),
    "bad_signature": Switch(flag, "true", "a signature by another key", "task"),
    "signature_age": Switch(number, "seconds", "a timestamp so long ago, properly signed", "task", 0.0),
    "createTime": Switch(
        choice("string", "epoch_ms"), "string or epoch_ms", "in callback rows", "task", "string"
    ),
    "error_code": Switch(choice(*CALLBACK_ERRORS), "a callback error code", "the task fails with it", "task"),
    "error_message": Switch(text, "a text", "instead of the usual message of a failure", "task"),
    "error_data": Switch(choice("[]", "null", "text"), "[], null or text", "what error has for rows", "task", "[]"),
    "error_with_code_200": Switch(flag, "true", "error callback says code 200", "task"),
    "error_type": Switch(choice("error", "failed"), "error or failed", "callbackType of a failure", "task", "error"),
    "fail_status": Switch(choice(*FAILED), "a status word", "instead of the usual one of a failure", "task"),
    "code_as_string": Switch(flag, "true", "numeric string code in callbacks", "task"),
    "upper_case_type": Switch(flag, "true", "callbackType in capitals", "task"),
    "task_id_location": Switch(choice(*ID_PLACES), "a path", "where callbacks have the id", "task", "data.task_id"),
    "null_data": Switch(flag_or_stages, "true or a list of stages", "data.data is null in callbacks", "task", False),
    "extra_fields": Switch(flag, "true", "unknown fields everywhere in callbacks and status", "task"),
    "stuck_pending": Switch(flag, "true", "PENDING for ever, no callback", "task"),
    "pending_with_error": Switch(flag, "true", "PENDING for ever with errorCode set, no callback", "task"),
    "record_info_null_for": Switch(number, "real seconds", "status unknown for so long after submit", "task", 0.0),
}  # fmt: skip

STATUS: dict[str, Switch] = {
    "record_info_null_as": Switch(choice("422", "404"), "422 or 404", "how the unknown is said", default="422"),
    "record_info": Switch(
        choice("hang", "reset", "html_502", *ERROR_CODES), "hang, reset, html_502 or a code", "instead of an answer",
        "poll",
    ),
    "success_without_urls": Switch(flag, "true", "SUCCESS with every URL null", "poll (that would show SUCCESS)"),
    "unknown_status_word": Switch(text, "a word", "instead of the status", "poll"),
    "poll_limit": Switch(rate, "count/seconds, or off", "queries per task", default=(3, 1.0)),
}  # fmt: skip

MEDIA: dict[str, Switch] = media.switches() | {
    "media_on": Switch(
        choice("both", "audio", "source"), "both, audio or source", "which links: audio_url, source_audio_url",
        default="both",
    ),
    "download_helper": Switch(choice("ok", "dead"), "ok or dead", "whether the helper's links work", default="ok"),
}  # fmt: skip

ALL: dict[str, Switch] = {
    "http_mirrors_code": Switch(flag, "true", "HTTP status says what the code says", default=False),
    "maintenance": Switch(flag, "true", "455 from everything but media", "request", False),
}

SWITCHES: dict[str, Switch] = SUBMIT | TASK | STATUS | MEDIA | ALL
