"""`reprise dlq`: what lies among the dead letters, and playing it again."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli import show, target
from cli.contents import contents
from cli.letters import Mailbox
from cli.queues import DEAD_LETTERS, DeadLetters, named
from cli.redrive import Outcome, Redrive
from cli.replay import player
from cli.target import Local, Stack, Target
from local.errors import LocalError

app = typer.Typer(help="Dead letters: work that failed for good and waits for somebody.", no_args_is_help=True)


@app.command("list")
def list_(
    stack: Stack = "",
    local: Local = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """What lies in each queue. It is looked at, and put back at once."""
    here = target.find(stack, local)
    found = [look(here, queue) for queue in DEAD_LETTERS]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    rows = [
        (one["queue"], str(one["letters"]), _age(one), one["contents"] or one["holds"], one["runbook"]) for one in found
    ]
    show.table(("QUEUE", "LETTERS", "OLDEST", "WHAT", "RUNBOOK"), rows)


@app.command()
def redrive(
    queue: Annotated[str, typer.Argument(help="advance, transfer, deliver, dispatch or upload")] = "",
    every: Annotated[bool, typer.Option("--all", help="All five.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be played, and do nothing.")] = False,
    most: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most so many letters of a queue.")] = None,
    stack: Stack = "",
    local: Local = False,
) -> None:
    """Play dead letters again. One is deleted after it went through; exit code 1 says that some stay."""
    if bool(queue) == every:
        raise LocalError("It is not said which dead letters.", "give the name of one queue, or --all")
    chosen = DEAD_LETTERS if every else (named(queue),)
    here = target.find(stack, local)
    if dry_run:
        for one in chosen:
            _tell(here, one, most)
        return
    outcomes = [(one, _redrive(here, one, most)) for one in chosen]
    rows = [(one.name, str(it.gone), str(len(it.stays)), it.broken or "-") for one, it in outcomes]
    show.table(("QUEUE", "WENT THROUGH", "STAY", "BROKE OFF"), rows)
    if not all(it.good for _, it in outcomes):
        raise typer.Exit(1)


def look(here: Target, queue: DeadLetters) -> dict[str, Any]:
    mailbox = Mailbox(here.client("sqs"), here.id(queue.name))
    count = mailbox.count()
    letters = mailbox.peek() if count else []
    oldest = (datetime.now(UTC) - letters[0].sent).total_seconds() if letters else None
    return {
        "queue": queue.name,
        "letters": max(count, len(letters)),
        "oldest_seconds": None if oldest is None else max(0, int(oldest)),
        "contents": contents(queue, letters),
        "holds": queue.holds,
        "runbook": queue.runbook,
    }


def _age(found: dict[str, Any]) -> str:
    return "-" if found["oldest_seconds"] is None else show.age(found["oldest_seconds"])


def _tell(here: Target, queue: DeadLetters, most: int | None) -> None:
    letters = Mailbox(here.client("sqs"), here.id(queue.name)).peek(*([most] if most else []))
    for letter in letters:
        show.say(f"{queue.name} {letter.id}: {queue.way}: {contents(queue, [letter])}")
    show.note(f"{queue.name}: {len(letters)} would go {queue.way}; nothing was done.")


def _redrive(here: Target, queue: DeadLetters, most: int | None) -> Outcome:
    mailbox = Mailbox(here.client("sqs"), here.id(queue.name))
    count = mailbox.count()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=show.notes(), disable=not show.notes().is_terminal) as bar:
        task = bar.add_task(queue.name, total=min(count, most or count))

        def moved(outcome: Outcome) -> None:
            bar.update(task, completed=outcome.gone + len(outcome.stays))

        outcome = Redrive(mailbox, player(here, queue), moved)(most)
    _explain(queue, outcome)
    return outcome


def _explain(queue: DeadLetters, outcome: Outcome) -> None:
    for stay in outcome.stays:
        show.note(f"{queue.name} {stay.letter} stays: {stay.why}")
    if outcome.broken:
        show.note(f"{queue.name}: broke off, the rest is as it was: {outcome.broken}")
    if not outcome.good:
        show.note(f"See {queue.runbook}")
