"""The tables of docs/providers.md and docs/dialects.md, from the data that the gateway itself works with.

`make tables` writes them between the pages' markers. Cells say what is in the data and nothing else: what needs words
stands around the tables, by hand. The states are those that the simulation holds every job to.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from reprise.dialects import DIALECTS, musicgpt_conversion
from reprise.dialects import aimlapi as aimlapi_dialect
from reprise.dialects import aimusicapi as aimusicapi_dialect
from reprise.dialects import kie as kie_dialect
from reprise.dialects import sunoapi as sunoapi_dialect
from reprise.dialects.suno_record import Words
from reprise.domain.capabilities import OPTIONAL_FIELDS, TEXTS, Capabilities, Length
from reprise.domain.job import ErrorClass, OwnReason, State
from reprise.providers import aimlapi, aimusicapi, capabilities, kie, musicgpt, studio, sunoapi

from docs.problems import kinds
from tests.simulation.watch import MOVES

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- tables:begin -->", "<!-- tables:end -->"

PROFILES: Mapping[str, Mapping[str, Capabilities]] = {
    "kie": kie.LIMITS,
    "sunoapi": sunoapi.LIMITS,
    "aimusicapi": aimusicapi.LIMITS,
    "aimlapi": aimlapi.LIMITS,
    "musicgpt": musicgpt.LIMITS,
    "studio": studio.LIMITS,
}
SUBMIT_ERRORS: Mapping[str, Mapping[int, ErrorClass]] = {
    "kie": kie.SUBMIT_ERRORS,
    "sunoapi": sunoapi.SUBMIT_ERRORS,
    "aimusicapi": aimusicapi.SUBMIT_ERRORS,
    "aimlapi": aimlapi.SUBMIT_ERRORS,
    "musicgpt": musicgpt.SUBMIT_ERRORS,
    "studio": studio.SUBMIT_ERRORS,
}
TASK_ERRORS: Mapping[str, Mapping[int, ErrorClass]] = {"kie": kie.TASK_ERRORS, "sunoapi": sunoapi.TASK_ERRORS}

REASONS = [one for one in ErrorClass if one is not ErrorClass.AMBIGUOUS]
REFUSED: Mapping[str, Mapping[str, int]] = {
    "kie": kie_dialect.PROFILE.submit_codes,
    "sunoapi": sunoapi_dialect.PROFILE.submit_codes,
    "aimusicapi": aimusicapi_dialect.REFUSED,
    "aimlapi": aimlapi_dialect.REFUSED,
    "musicgpt": musicgpt_conversion.REFUSED,
}
FAILED: Mapping[str, Words] = {
    "kie": kie_dialect.WORDS,
    "sunoapi": sunoapi_dialect.WORDS,
}
BROKEN = 500
"""What every dialect says where nothing else fits."""

NONE = "-"
FIELDS = (*TEXTS, "instrumental", *OPTIONAL_FIELDS)

Cell = Callable[[Capabilities], str]


def of_providers() -> str:
    return _parts({
        "What each one hears": fields(),
        "What each one is like": traits(),
        "Models": models(),
        "Limits by profile": profiles(),
        "Answers to a submit": errors(SUBMIT_ERRORS),
        "Failures of a task, by code": errors(TASK_ERRORS),
    })  # fmt: skip


def of_dialects() -> str:
    return _parts({
        "Paths": paths(),
        "A submit that was refused": refusals(),
        "A task that failed": failures(),
    })  # fmt: skip


def fields() -> str:
    rows = [(f"`{name}`", *(_hears(name, can) for can in capabilities().values())) for name in FIELDS]
    return _table(("field", *capabilities()), rows)


def traits() -> str:
    rows = [(title, *(cell(can) for can in capabilities().values())) for title, cell in TRAITS.items()]
    return _table(("", *capabilities()), rows)


def models() -> str:
    rows = []
    for name, can in capabilities().items():
        for model, limits in can.models.items():
            seconds = limits.source_seconds or can.source.most_seconds
            rows.append((
                name,
                f"`{model}`" + (" (default)" if model == can.default_model else ""),
                _of(f"{limits.lyrics}/{limits.style}/{limits.title}" if limits.lyrics else None),
                _of(seconds),
                _of(limits.output_seconds),
                _of(limits.credits or can.credits),
            ))  # fmt: skip
    return _table(("provider", "model", "lyrics/style/title", "source s", "output s", "credits"), rows)


def profiles() -> str:
    """Only what a profile other than `seed` says differently."""
    rows = []
    for provider, known in PROFILES.items():
        for profile, can in known.items():
            if profile == "seed" or can != known["seed"]:
                rows.append((provider, f"`{profile}`", _length(can.idea), _length(can.lyrics)))
    return _table(("provider", "profile", "idea", "lyrics without modes"), rows)


def errors(known: Mapping[str, Mapping[int, ErrorClass]]) -> str:
    codes = sorted({code for table in known.values() for code in table})
    rows = [(str(code), *(_of(table.get(code)) for table in known.values())) for code in codes]
    return _table(("code", *known), rows)


def paths() -> str:
    """The vendors' own, below `/<vendor>`."""
    rows = []
    for name, one in DIALECTS.items():
        kinds = {"POST": one.submits, "GET": (*one.statuses, *one.balances, *one.catalogs)}
        rows += [(name, f"`{method} {path}`") for method, listed in kinds.items() for path in listed]
    return _table(("dialect", "path"), rows)


def refusals() -> str:
    rows = [(f"`{reason}`", *(str(known.get(reason, BROKEN)) for known in REFUSED.values())) for reason in REASONS]
    return _table(("reason", *REFUSED), rows)


def failures() -> str:
    rows = []
    for reason in (*REASONS, *OwnReason):
        told = [words.codes.get(reason, (words.otherwise,)) for words in FAILED.values()]
        rows.append((f"`{reason}`", *(" or ".join(map(str, codes)) for codes in told)))
    return _table(("reason", *FAILED), rows)


def _hears(name: str, can: Capabilities) -> str:
    if name in can.required:
        return "required"
    if name in can.custom_fields:
        return "custom mode"
    if name in can.joined:
        return "joined"
    return "yes" if name in can.fields or (can.modes and name in (*TEXTS, "instrumental")) else NONE


def _output(can: Capabilities) -> str:
    return "; ".join(_list(group) for group in (can.output.formats, can.output.sample_rates, can.output.bitrates))


def _list(values: Iterable[str | int]) -> str:
    return ", ".join(str(value) for value in sorted(values, key=lambda one: (isinstance(one, int), one))) or NONE


def _length(length: Length | None) -> str:
    if length is None:
        return NONE
    range_ = f"{length.least}..{length.most}" if length.least else f"{length.most}"
    return range_ + (f", warned above {length.soft}" if length.soft else "")


def _of(value: float | str | None) -> str:
    return NONE if value is None else str(value)


TRAITS: Mapping[str, Cell] = {
    "simple and custom mode": lambda can: "yes" if can.modes else NONE,
    "idea, characters": lambda can: _length(can.idea),
    "lyrics without modes, characters": lambda can: _length(can.lyrics),
    "longest source, s": lambda can: _of(can.source.most_seconds),
    "shortest source, s": lambda can: _of(can.source.least_seconds),
    "a second figure, warned above, s": lambda can: _of(can.source.warn_seconds),
    "largest source, bytes": lambda can: _of(can.source.most_bytes),
    "song inside the call, up to bytes": lambda can: _of(can.source.file_bytes),
    "links to a page": lambda can: "yes" if can.source.pages else NONE,
    "output: formats; Hz; bit/s": lambda can: _output(can) if can.output.formats else NONE,
    "stages": lambda can: ", ".join(can.stages),
    "calls back": lambda can: "yes" if can.rhythm.pushes else NONE,
    "first poll, then every, s": lambda can: f"{can.rhythm.first}, {can.rhythm.every}",
    "takes": lambda can: str(can.tracks),
    "chosen by name alone": lambda can: "yes" if can.by_name else NONE,
    "jobs at once": lambda can: _of(can.parallel),
    "credits": lambda can: _of(can.credits),
    "USD, estimated": lambda can: f"{can.usd:g}",
}


def of_problems() -> str:
    rows = [(str(one.status), f"`{one.type}`", one.title, one.advice) for one in kinds()]
    return _table(("status", "type", "title", "what to do"), rows)


def of_states() -> str:
    """As a diagram: a job's state, and what may follow it."""
    lines = [f"    {was or '[*]'} --> {then}" for was, after in MOVES.items() for then in State if then in after]
    ends = [f"    {one} --> [*]" for one in State if one.terminal]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *ends, "```"])


PAGES: Mapping[str, Callable[[], str]] = {
    "how-it-works.md": of_states,
    "providers.md": of_providers,
    "dialects.md": of_dialects,
    "problems.md": of_problems,
}


def _parts(parts: Mapping[str, str]) -> str:
    return "\n\n".join(f"### {title}\n\n{table}" for title, table in parts.items())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def with_tables(name: str, page: str) -> str:
    """The page with what stands between its markers made anew. Raises ValueError where a marker is missing."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{PAGES[name]()}\n\n{END}{after}"


if __name__ == "__main__":
    for name in PAGES:
        page = FOLDER / name
        page.write_text(with_tables(name, page.read_text()))
        sys.stdout.write(f"docs/{name}\n")
