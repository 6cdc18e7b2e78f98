"""Every switch of the AI/ML API fake, as data: `GET /_control/faults` shows this table.

Switches counted per task are read when the task is accepted, and hold for that task whatever is switched later.
"""

from simulators.aimlapi.shapes import DONE_WORDS, FAILED_WORDS, MINIMAX, PENDING_WORDS, PROBLEMS
from simulators.faults import Switch
from simulators.media import LIES
from simulators.values import choice, flag, number, rate, text, true_or_text, whole

LINK_SECONDS = 24 * 3600 + 6.0
_MANNERS = ("html_502", "hang_before_accept", "reset_before_accept", "hang", "reset_after_accept", "500_after_accept")
_MEDIA = ("ok", "403", *(lie for lie in LIES if lie != "same_bytes"))

SUBMIT: dict[str, Switch] = {
    "submit": Switch(
        choice(*_MANNERS),
        "hang, reset_after_accept, 500_after_accept (all three charged, the task lives on), hang_before_accept, "
        "reset_before_accept or html_502 (none of these charged)",
        "how a valid submit is answered",
        "submit",
    ),
    "http": Switch(choice(*PROBLEMS), ", ".join(PROBLEMS), "a valid submit is refused so, and not charged", "submit"),
    "submit_http": Switch(choice("200", "201"), "200 or 201", "status of a submit that is accepted", "submit", "200"),
    "rate_limit": Switch(rate, "count/seconds as in 20/10s, or off", "new tasks per account", default="off"),
    "parallel_limit": Switch(whole, "a number (0: none)", "429 while so many tasks run", default=0),
    "credits": Switch(whole, "a number", "sets the balance at once, in credits"),
    "balance": Switch(number, "dollars", "sets the balance at once, in dollars"),
}

TASK: dict[str, Switch] = {
    "id_shape": Switch(choice("short", "uuid_model"), "short or uuid_model", "of generation ids", "task", "short"),
    "pending_polls": Switch(whole, "a number", "polls that see it pending, whatever the time", "task"),
    "not_found_for": Switch(number, "real seconds", "404 for so long after submit", "task", 0.0),
    "stuck": Switch(choice("queued", "generating"), "queued or generating", "for ever", "task"),
    "word": Switch(choice(*DONE_WORDS), ", ".join(DONE_WORDS), "how done is spelt", "task", "completed"),
    "pending_word": Switch(choice(*PENDING_WORDS), ", ".join(PENDING_WORDS), "instead of queued, generating", "task"),
    "fail": Switch(true_or_text, "true or a message", "the task fails", "task"),
    "minimax_code": Switch(choice(*MINIMAX), ", ".join(MINIMAX), "the task fails with it in its message", "task"),
    "upstream_prompt_300": Switch(
        flag, "true", "prompts above 300 and lyrics above 1000 are sold, and fail with 2013", "task"
    ),
    "fail_word": Switch(choice(*FAILED_WORDS), ", ".join(FAILED_WORDS), "how failed is spelt", "task", "error"),
    "error_shape": Switch(
        choice("object", "string", "detail_list"), "object, string or detail_list", "of error in a failure", "task",
        "object",
    ),
    "pending_with_error": Switch(flag, "true", "failures keep saying generating, with error set", "task"),
    "meta": Switch(choice("absent", "credits_only", "full"), "absent, credits_only or full", "usage", "task", "absent"),
    "nulls": Switch(flag, "true", "optional keys are null instead of absent", "task"),
    "file_details": Switch(flag, "true", "type, name and size beside the link, as older models have", "task"),
    "extra_fields": Switch(flag, "true", "unknown fields everywhere in the object", "task"),
    "format": Switch(choice("mp3", "wav", "pcm"), "mp3, wav or pcm", "of the file, whatever was asked", "task"),
    "path_encoding": Switch(choice("%2F", "/"), "%2F or /", "slashes in the object's name", "task", "%2F"),
}  # fmt: skip

STATUS: dict[str, Switch] = {
    "status": Switch(
        choice("hang", "reset", "html_502", *PROBLEMS), "hang, reset, html_502 or a value of http",
        "instead of an answer to a poll", "poll",
    ),
    "completed_without_url": Switch(flag, "true", "done, and no file", "poll (that would show a file)"),
    "unknown_status_word": Switch(text, "a word", "instead of the status", "poll"),
    "poll_limit": Switch(rate, "count/seconds, or off", "polls per task", default="off"),
    "logs_limit": Switch(rate, "count/seconds, or off", "queries of the logs", default=(200, 60.0)),
}  # fmt: skip

MEDIA: dict[str, Switch] = {
    "media": Switch(choice(*_MEDIA), ", ".join(_MEDIA), "how links lie", "fetch", "ok"),
    "media_first_fetches": Switch(whole, "a number", "lies only on a link's first n fetches (0: all)", default=0),
    "media_slow_seconds": Switch(number, "real seconds", "how long slow takes", default=5.0),
    "link_expires_in": Switch(number, "real seconds", "from signing; then 403", default=LINK_SECONDS),
    "resign_links": Switch(flag, "true", "each poll signs the link anew", default=False),
}

ALL: dict[str, Switch] = {
    "envelope": Switch(choice("classic", "title"), "classic or title", "of errors", default="classic"),
    "statusCode": Switch(choice("int", "string"), "int or string", "in classic errors", default="int"),
    "edge_page": Switch(flag, "true", "502, 503 and 504 are a bare page of the edge", default=False),
    "usage_headers": Switch(flag, "true or false", "what a call cost, in its headers", default=True),
    "maintenance": Switch(flag, "true", "500 for maintenance from everything but media", "request", False),
}

SWITCHES: dict[str, Switch] = SUBMIT | TASK | STATUS | MEDIA | ALL
