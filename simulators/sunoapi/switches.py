"""Every switch of the sunoapi fake, as data: `GET /_control/faults` shows this table.

Switches counted per task are read when the task is accepted, and hold for that task whatever is switched later.
"""

from simulators import callbacks, media
from simulators.faults import Switch
from simulators.values import choice, flag, flag_or_stages, number, rate, text, whole

ERROR_CODES = ("400", "401", "404", "405", "413", "429", "430", "455", "500")
STATUS_CODES = (*ERROR_CODES, "422")
FAILURE_CODES = ("400", "413", "451", "500")
ID_PLACES = ("data.task_id", "data.taskId", "taskId")
FAILED = ("GENERATE_AUDIO_FAILED", "CREATE_TASK_FAILED", "SENSITIVE_WORD_ERROR")
UPLOADS_LIVE = 3 * 24 * 3600.0

SUBMIT: dict[str, Switch] = {
    "submit": Switch(
        choice(
            "hang", "reset_after_accept", "500_after_accept", "hang_before_accept", "reset_before_accept", "html_502",
            "bare_429", "bare_500", *ERROR_CODES,
        ),
        "hang, reset_after_accept, 500_after_accept (all three charged, the task lives on), hang_before_accept, "
        "reset_before_accept, html_502, bare_429 or bare_500 (that HTTP status and no envelope), or an error code "
        "(none of these charged)",
        "how a valid submit is answered",
        "submit",
    ),
    "submit_id_location": Switch(
        choice("data.taskId", "data.task_id", "taskId", "id"), "a path", "where the new id stands", "submit"
    ),
    "callback_before_submit_reply": Switch(
        choice("text", "first", "complete", "error"), "true (text) or a stage", "the reply waits for it", "submit"
    ),
    "rate_limit": Switch(rate, "count/seconds as in 20/10s, or off", "new tasks per account", default=(20, 10.0)),
    "rate_code": Switch(choice("430", "405"), "430 or 405", "how too many calls are refused", default="430"),
    "credits": Switch(whole, "a number", "sets the balance at once; 429 when a song costs more"),
    "models": Switch(choice("union", "seed", "docs"), "union, seed or docs", "which models are known", default="union"),
    "require_callBackUrl": Switch(flag, "true or false", "400 when it is missing", default=True),
}  # fmt: skip

TASK: dict[str, Switch] = callbacks.SWITCHES | {
    "drop_callbacks": Switch(
        flag_or_stages, "true or a list of stages", "never sent; CALLBACK_EXCEPTION if all are", "task", False
    ),
    "callback_exception": Switch(
        flag, "true or false", "whether callbacks nobody received show in the status", "task", True
    ),
    "skip_text": Switch(flag, "true", "no text callback", "task"),
    "skip_first": Switch(flag, "true", "no first callback", "task"),
    "text_rows": Switch(
        choice("empty", "placeholder", "with_url"), "empty, placeholder or with_url", "rows of text", "task", "empty"
    ),
    "first_without_audio": Switch(flag, "true", "first has a stream URL only", "task"),
    "first_duration": Switch(choice("null", "0"), "null or 0", "duration of the row in first", "task"),
    "complete_rows": Switch(choice("1", "2"), "1 or 2", "how many tracks a task makes", "task", "2"),
    "complete_without_urls": Switch(flag, "true", "rows without URL in the complete callback", "task"),
    "late_stage": Switch(choice("text", "first", "complete"), "true or a stage", "sent again after the end", "task"),
    "createTime": Switch(
        choice("string", "epoch_ms"), "string or epoch_ms", "in callback rows", "task", "string"
    ),
    "status_createTime": Switch(
        choice("epoch_ms", "string"), "epoch_ms or string", "in status rows", "task", "epoch_ms"
    ),
    "error_code": Switch(
        choice(*FAILURE_CODES), "400, 413 (existing work), 451 or 500", "the task fails with it", "task"
    ),
    "fetch_error_code": Switch(
        choice("413", "451"), "413 or 451", "errorCode of a source that cannot be fetched", "task", "413"
    ),
    "error_message": Switch(text, "a text", "instead of the usual message of a failure", "task"),
    "error_data": Switch(choice("null", "[]"), "null or []", "what error has for rows", "task", "null"),
    "error_with_code_200": Switch(flag, "true", "error callback says code 200", "task"),
    "error_type": Switch(choice("error", "failed"), "error or failed", "callbackType of a failure", "task", "error"),
    "fail_status": Switch(choice(*FAILED), "a status word", "instead of the usual one of a failure", "task"),
    "refund_on_fail": Switch(flag, "true", "failed tasks cost nothing", "task"),
    "code_as_string": Switch(flag, "true", "numeric string code in callbacks", "task"),
    "upper_case_type": Switch(flag, "true", "callbackType in capitals", "task"),
    "task_id_location": Switch(choice(*ID_PLACES), "a path", "where callbacks have the id", "task", "data.task_id"),
    "null_data": Switch(flag_or_stages, "true or a list of stages", "data.data is null in callbacks", "task", False),
    "missing_data": Switch(flag_or_stages, "true or a list of stages", "callbacks have no data.data", "task", False),
    "extra_fields": Switch(flag, "true", "unknown fields everywhere in callbacks and status", "task"),
    "stuck_pending": Switch(flag, "true", "PENDING for ever, no callback", "task"),
    "pending_with_error": Switch(
        choice("413 copyright", "413 fetch"), "true, 413 copyright or 413 fetch",
        "PENDING for ever with errorCode 413, no callback", "task",
    ),
    "pending_rows": Switch(flag, "true", "a pending record has rows with nothing in them", "task"),
    "record_info_null_for": Switch(number, "real seconds", "status unknown for so long after submit", "task", 0.0),
    "v4_5all_one_minute": Switch(flag, "true or false", "V4_5ALL takes 60 s of audio at most", "task", True),
    "upload_limit": Switch(number, "seconds", "how long a source may be (guide 480, field text 120)", "task", 480.0),
}  # fmt: skip

STATUS: dict[str, Switch] = {
    "record_info_null_as": Switch(choice("422", "404"), "422 or 404", "how the unknown is said", default="422"),
    "record_info": Switch(
        choice("hang", "reset", "html_502", "bare_429", *STATUS_CODES), "hang, reset, html_502, bare_429 or a code",
        "instead of an answer", "poll",
    ),
    "success_without_urls": Switch(flag, "true", "SUCCESS with every URL null", "poll (that would show SUCCESS)"),
    "unknown_status_word": Switch(text, "a word", "instead of the status", "poll"),
    "poll_limit": Switch(rate, "count/seconds, or off", "queries per task", default="off"),
}  # fmt: skip

MEDIA: dict[str, Switch] = media.switches("441") | {
    "media_on": Switch(
        choice("both", "audio", "source"), "both, audio or source", "which links: audio_url, source_audio_url",
        default="both",
    ),
    "uploads_live": Switch(number, "real seconds", "how long the upload helper keeps a file", default=UPLOADS_LIVE),
}  # fmt: skip

ALL: dict[str, Switch] = {
    "http_mirrors_code": Switch(flag, "true", "HTTP status says what the code says", default=False),
    "maintenance": Switch(flag, "true", "455 from everything but media", "request", False),
}

SWITCHES: dict[str, Switch] = SUBMIT | TASK | STATUS | MEDIA | ALL
