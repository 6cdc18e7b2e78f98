"""What the topic, webhooks and the clients of dialects were told: all of it, the same way, nothing after the end."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.e2e.storm.evidence import ENDS, TERMINAL, Case, Evidence, Finding, Heard, Hook, Post

LATE = 30.0
"""Seconds after a 410 in which a POST that was under way may still come."""
ORDER = ("text", "first", "complete", "error")


def published(evidence: Evidence) -> Iterator[Finding]:
    """On the topic: numbered without a gap, each id with one content, those of the timeline, the terminal one last."""
    heard: dict[str, list[Heard]] = defaultdict(list)
    for one in evidence.heard:
        heard[one.body["job"]].append(one)
    cases = {case.id: case for case in evidence.cases}
    for job in heard.keys() - cases.keys():
        yield Finding("events", "told of a job that does not exist", job)
    for case in evidence.cases:
        yield from (Finding("events", words, case.id, case.order) for words in _events(case, heard[case.id]))


def _events(case: Case, heard: list[Heard]) -> Iterator[str]:
    by_number: dict[int, dict[str, Any]] = {}
    for one in heard:
        first = by_number.setdefault(one.body["sequence"], one.body)
        if first != one.body:
            yield f"event {one.body['sequence']} was told in two ways"
        if one.body["id"] != f"{case.id}-{one.body['sequence']}":
            yield f"event {one.body['sequence']} has the id {one.body['id']}"
    written = {line["event"]: line["type"] for line in case.events}
    told = {number: by_number[number]["type"] for number in sorted(by_number)}
    if told != written:
        yield f"the timeline has the events {list(written.values())}, the topic told {list(told.values())}"
    if list(written) != list(range(1, len(written) + 1)):
        yield f"the events are numbered {list(written)}"
    ends = [type for type in written.values() if type in ENDS]
    if case.cover["state"] in TERMINAL and (len(ends) != 1 or list(written.values())[-1] != ends[0]):
        yield f"ended with the events {list(written.values())}"
    if ends and case.cover["state"] in TERMINAL and ends[-1] != f"cover.{case.cover['state']}":
        yield f"is {case.cover['state']}, and was told as {ends[-1]}"
    for once in ("cover.text", "cover.first"):
        if list(written.values()).count(once) > 1:
            yield f"{once} was told more than once"


def webhooks(evidence: Evidence) -> Iterator[Finding]:
    """To each endpoint each event that it wants, at least once, signed, as the topic has it, and nothing else."""
    events = {one.body["id"]: one.body for one in evidence.heard}
    hooks = {hook.path: hook for hook in evidence.hooks}
    posts = [post for post in evidence.posts if post.path in hooks]
    taken = {(post.path, post.id) for post in posts if 200 <= post.answered < 300}
    for post in posts:
        yield from (Finding("webhooks", words, _job(post)) for words in _post(post, hooks[post.path], events))
    yield from _after_gone(posts, hooks)
    for case in evidence.cases:
        if not case.deleted:
            yield from _all_told(case, evidence.hooks, taken)
    yield from _notices(evidence, {post.path for post in posts if post.answered == 410})


def _after_gone(posts: list[Post], hooks: dict[str, Hook]) -> Iterator[Finding]:
    """An endpoint that said 410 is called no more; of an order's own URL that is meant of one job."""
    gone: dict[tuple[str, str | None], float] = {}
    for post in sorted(posts, key=lambda post: post.at):
        place = (post.path, None if hooks[post.path].jobs is None else _job(post))
        if place in gone and post.at > gone[place] + LATE:
            yield Finding("webhooks", f"{post.path} was called after it had said 410", _job(post))
        if post.answered == 410:
            gone.setdefault(place, post.at)


def _job(post: Post) -> str | None:
    return post.body.get("job") if isinstance(post.body, dict) else None


def _post(post: Post, hook: Hook, events: dict[str, dict[str, Any]]) -> Iterator[str]:
    if not post.genuine:
        yield f"{post.path} got {post.id} with a signature that does not fit"
    if post.id not in events:
        yield f"{post.path} got {post.id}, which the topic never told"
    elif post.body != events[post.id]:
        yield f"{post.path} got {post.id} in other words than the topic: {json.dumps(post.body)[:200]}"
    if not hook.wants(str(post.body.get("job")), str(post.body.get("type"))):
        yield f"{post.path} got {post.body.get('type')}, which it did not ask for"


def _all_told(case: Case, hooks: list[Hook], taken: set[tuple[str, str]]) -> Iterator[Finding]:
    log = {(one["webhook"], one["event"]["sequence"]): one for one in case.deliveries.get("deliveries", [])}
    for line in case.events:
        for hook in hooks:
            if not hook.wants(case.id, line["type"]):
                continue
            name = hook.id if hook.jobs is None else "job"
            where = f"{line['type']} ({line['event']}) to {hook.path}"
            if (name, line["event"]) not in log:
                yield Finding("webhooks", f"the log has nothing of {where}", case.id, case.order)
            elif not (hook.down or hook.gone) and (hook.path, f"{case.id}-{line['event']}") not in taken:
                state = log[name, line["event"]]["state"]
                yield Finding("webhooks", f"nobody ever got {where}; the log says {state}", case.id, case.order)


def _notices(evidence: Evidence, gone: set[str]) -> Iterator[Finding]:
    """An endpoint that said 410 is off, and the topic says so."""
    told = {notice.get("webhook") for notice in evidence.notices if notice.get("type") == "webhook.disabled"}
    for hook in evidence.hooks:
        if hook.jobs is None and hook.path in gone and hook.id not in told:
            yield Finding("webhooks", f"{hook.path} said 410, and nobody was told that it is off")
        if hook.jobs is None and hook.path not in gone and hook.id in told:
            yield Finding("webhooks", f"{hook.path} was switched off without a reason")


def clients(evidence: Evidence) -> Iterator[Finding]:
    """The client of a dialect hears how it ended, and no earlier stage after a later one."""
    got: dict[str, list[Post]] = defaultdict(list)
    for post in evidence.posts:
        if post.path.startswith("/client/"):
            got[post.path].append(post)
    for case in evidence.cases:
        request = case.cover["request"]
        path = str(request.get("callback_url") or "")
        path = path[path.index("/client/") :] if "/client/" in path else ""
        if not path or case.deleted or case.cover["retry_of"] or case.cover["state"] == "canceled":
            continue
        attempts = case.deliveries.get("callbacks", [])
        if case.refused_at_once:
            continue
        yield from (Finding("clients", words, case.id, case.order) for words in _client(case, attempts, got[path]))


def _client(case: Case, attempts: list[dict[str, Any]], posts: list[Post]) -> Iterator[str]:
    about = [one["about"] for one in attempts if one["status"] and 200 <= one["status"] < 300]
    wanted = "complete" if case.cover["state"] == "succeeded" else "error"
    if wanted not in about:
        yield f"its client was never told {wanted}; it took {about}"
    firsts = list(dict.fromkeys(about))
    if firsts != sorted(firsts, key=ORDER.index):
        yield f"its client heard {firsts}"
    if about and not any(200 <= post.answered < 300 for post in posts):
        yield f"the log says that its client took {about}, and it got nothing"
