"""What each vendor does in its bad moods, by the switches of its fake: drawn from the seed, never from the world."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.e2e.storm.scale import Scale

Switches = Mapping[str, Any]


def few(value: object, times: int = 2) -> dict[str, object]:
    return {"value": value, "times": times}


UNKNOWN = (
    {"submit": few("reset_after_accept")},
    {"submit": few("500_after_accept")},
    {"submit": few("hang", 1)},
    {"submit": few("reset_before_accept")},
    {"submit": few("html_502")},
)
"""Taken and not said so, or not taken and not said so: the buyer cannot tell one from the other."""

CALLBACKS: tuple[Switches, ...] = (
    {"drop_callbacks": True},
    {"drop_callbacks": ["complete"]},
    {"duplicate_each": 3},
    {"reorder": "shuffle", "duplicate_each": 2},
    {"reorder": "reverse"},
    {"delay_callbacks": {"text": 4, "first": 2}},
    {"delay_callbacks": 3},
    {"garble_callbacks": True},
    {"garble_callbacks": ["first"], "late_stage": "text"},
)
EARLY = tuple({"callback_before_submit_reply": few(stage, 3)} for stage in ("text", "first", "complete"))
LINKS: tuple[Switches, ...] = tuple(
    {"media": lie, "media_first_fetches": first}
    for lie, first in (("404", 1), ("html", 1), ("0bytes", 2), ("cut", 1), ("small", 1), ("500", 0), ("404", 0))
)
TWINS: tuple[Switches, ...] = ({"media": "same_bytes"}, {"media": "slow", "media_slow_seconds": 2})
SUNO_POLLS: tuple[Switches, ...] = (
    {"record_info": few("html_502", 4)},
    {"record_info": few("reset", 4)},
    {"record_info": few("429", 4)},
    {"success_without_urls": few(True, 3)},
    {"unknown_status_word": few("ALMOST", 4)},
    {"record_info_null_for": 3},
)
SUNO_TASKS: tuple[Switches, ...] = (
    {"error_code": few("500", 3)},
    {"error_code": few("400", 2)},
    {"error_code": few("413", 2)},
    {"stuck_pending": few(True, 2)},
)

MOODS: Mapping[str, tuple[tuple[Switches, ...], ...]] = {
    "kie": (
        (*UNKNOWN, *({"submit": few(code)} for code in ("402", "429", "455", "451", "500"))),
        (*CALLBACKS, *EARLY),
        (*LINKS, *TWINS),
        SUNO_POLLS,
        SUNO_TASKS,
    ),
    "sunoapi": (
        (*UNKNOWN, *({"submit": few(code)} for code in ("430", "429", "455", "500", "bare_429", "bare_500"))),
        (*CALLBACKS, *EARLY),
        (*LINKS, *TWINS),
        SUNO_POLLS,
        (*SUNO_TASKS, {"error_code": few("451", 2), "refund_on_fail": True}),
    ),
    "aimusicapi": (
        (
            *UNKNOWN,
            *({"submit": few(code)} for code in ("402", "429", "500")),
            {"submit": few("500"), "200_with_code": True},
        ),
        (*(one for one in CALLBACKS if "late_stage" not in one), *EARLY, {"stages": "none"}, {"stages": "final_only"}),
        (*LINKS, *TWINS),
        (
            {"status": few("html_502", 4)},
            {"status": few("reset", 4)},
            {"success_without_urls": few(True, 3)},
            {"unknown_type_word": few("ALMOST", 4)},
            {"not_found_for": 3},
        ),
        ({"type": few("ERROR", 3)}, {"type": few("FAILED", 2)}, {"stuck_pending": few(True, 2)}),
    ),
    "aimlapi": (
        (*UNKNOWN, *({"http": few(code)} for code in ("403_credits", "429_burst", "500_maintenance", "503"))),
        (),
        tuple(one for one in LINKS if one["media"] != "cut"),
        (
            {"status": few("html_502", 4)},
            {"status": few("reset", 4)},
            {"completed_without_url": few(True, 3)},
            {"unknown_status_word": few("almost", 4)},
            {"not_found_for": 3},
        ),
        ({"fail": few(True, 2)}, {"minimax_code": few("1002", 2)}, {"stuck": few("generating", 1)}),
    ),
    "musicgpt": (
        (*UNKNOWN, *({"submit": few(code)} for code in ("402", "429", "503", "refused_200"))),
        (
            {"drop_callbacks": True},
            {"duplicate_webhook": 3},
            {"delay_callbacks": 3},
            {"garble_callbacks": True},
            {"webhook_before_reply": few(True, 3)},
            {"false_failure": "before"},
            {"false_failure": "after"},
        ),
        LINKS,
        (
            {"status": few("html_502", 4)},
            {"status": few("reset", 4)},
            {"completed_without_link": few(True, 3)},
            {"unknown_status_word": few("almost", 4)},
            {"not_found_for": 3},
        ),
        ({"fail": few(True, 2)}, {"stuck": few("IN_PROGRESS", 1)}),
    ),
}
"""Vendor -> submits, callbacks, links, polls, tasks: of each of these a mood has one at most."""

BAD = (0.55, 0.8, 0.6, 0.5, 0.4)
"""How likely a mood has one, in the same order."""

ALWAYS: Mapping[str, Switches] = {
    "kie": {"credits": 1_000_000, "rate_limit": "20/10s"},
    "sunoapi": {"credits": 1_000_000, "rate_limit": "20/10s"},
    "aimusicapi": {"credits": 1_000_000, "rate_limit": "20/10s"},
    "aimlapi": {"credits": 2_000_000_000},
    "musicgpt": {"credits": 1_000_000},
}

KINDS: Mapping[str, str] = {
    "submit": "submit refused, throttled, lost, or taken without an answer",
    "http": "submit refused, throttled, lost, or taken without an answer",
    "callback_before_submit_reply": "callbacks before the submit's answer",
    "webhook_before_reply": "callbacks before the submit's answer",
    "drop_callbacks": "task whose callbacks are dropped",
    "stages": "task whose callbacks are dropped",
    "duplicate_each": "task whose callbacks are repeated",
    "duplicate_webhook": "task whose callbacks are repeated",
    "late_stage": "task whose callbacks are repeated",
    "reorder": "task whose callbacks are out of order",
    "delay_callbacks": "task whose callbacks are late",
    "garble_callbacks": "task whose callbacks are garbled",
    "false_failure": "task that is called failed, and succeeds",
    "media": "link dead, empty, cut off, slow, of a web page or of another take",
    "record_info": "poll not answered",
    "status": "poll not answered",
    "record_info_null_for": "task that polls do not know at first",
    "not_found_for": "task that polls do not know at first",
    "success_without_urls": "poll says success without audio",
    "completed_without_url": "poll says success without audio",
    "completed_without_link": "poll says success without audio",
    "unknown_status_word": "poll says an unknown word",
    "unknown_type_word": "poll says an unknown word",
    "error_code": "task fails",
    "type": "task fails",
    "fail": "task fails",
    "minimax_code": "task fails",
    "stuck_pending": "task pending for ever",
    "stuck": "task pending for ever",
}
"""Switch -> what it does, for the table."""


@dataclass(frozen=True, slots=True)
class Mood:
    """From `at` seconds on until the vendor's next one."""

    at: float
    vendor: str
    switches: Switches


def moods(vendor: str, scale: Scale) -> Iterator[Mood]:
    """One vendor's, from the beginning to the end of the storm. Every eighth is good."""
    dice = random.Random(f"{scale.seed}:mood:{vendor}")
    at = dice.uniform(0, 1)
    while at < scale.storm:
        switches: dict[str, Any] = {}
        if dice.random() < 0.88:
            for menu, likely in zip(MOODS[vendor], BAD, strict=True):
                if dice.random() < likely and menu:
                    switches |= dice.choice(menu)
        yield Mood(at, vendor, switches)
        at += dice.uniform(0.6, 1.4) * scale.spell


def schedule(scale: Scale) -> list[Mood]:
    return sorted((mood for vendor in MOODS for mood in moods(vendor, scale)), key=lambda mood: mood.at)
