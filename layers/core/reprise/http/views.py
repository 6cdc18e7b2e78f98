"""Jobs as callers see them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from reprise.domain.capabilities import TEXTS, Length, Model, OutputChoices, SourceLimits
from reprise.domain.job import Entry, Failure, Job, Track
from reprise.domain.names import name_of, song_of
from reprise.domain.request import CoverRequest
from reprise.ports import Page, Summary, UploadTicket
from reprise.redact import redact
from reprise.usecases.plan import Option
from reprise.usecases.survey import Considered, Surveyed

if TYPE_CHECKING:
    from reprise.http.shapes import covers
    from reprise.http.shapes import providers as shapes
    from reprise.http.shapes.asked import Asked


def cover(job: Job, base_url: str) -> "covers.Cover":
    own = f"{base_url}/v1/covers/{job.id}"
    return {
        "id": job.id,
        "name": name_of(job.request),
        "song": song_of(job.request.source),
        "state": job.state,
        "stage": job.stage,
        "provider": job.provider,
        "attempt": job.attempt,
        "task_id": job.task_id,
        "version": job.version,
        "created_at": job.created_at.isoformat(),
        "updated_at": job.updated_at.isoformat(),
        "deadline_at": job.deadline_at.isoformat(),
        "retry_of": job.retry_of,
        "request": _request(job),
        "dropped": list(job.leg.dropped),
        "model": job.leg.model,
        "estimated_usd": round(job.spent, 4),
        "next_providers": [leg.provider for leg in job.route],
        "lyrics": job.lyrics,
        "tracks": [_track(track, job.alternative(track), own) for track in job.tracks],
        "failure": _failure(job.failure) if job.failure else None,
        "links": {
            "self": own,
            "timeline": f"{own}/timeline",
            "deliveries": f"{own}/deliveries",
            "cancel": f"{own}/cancel",
            "retry": f"{own}/retry",
        },
    }


def page(found: Page, base_url: str) -> "covers.CoverPage":
    return {"covers": [_summary(one, base_url) for one in found.summaries], "next_cursor": found.cursor}


def timeline(job_id: str, entries: Sequence[Entry]) -> "covers.Timeline":
    return {"id": job_id, "entries": [_entry(entry) for entry in entries]}


def considered(found: Considered) -> "shapes.DryRun":
    """A dry run."""
    source = found.source
    return {
        "chosen": found.chosen,
        "source": {"seconds": source.seconds, "bytes": source.size, "format": source.format},
        "providers": [_option(option) for option in found.options],
    }


def providers(found: Sequence[Surveyed]) -> "shapes.Providers":
    return {"providers": [_surveyed(one) for one in found]}


def _option(option: Option) -> "shapes.Option":
    told = option.assessment
    return {
        "provider": told.provider,
        "able": option.usable,
        "reasons": [{"field": "provider", "rule": "switched-off", "message": option.off}]
        if option.off
        else [{"field": one.field, "rule": one.rule, "message": one.message} for one in told.violations],
        "model": told.model,
        "dropped": list(told.dropped),
        "clipped": list(told.clipped),
        "warnings": list(told.warnings),
        "estimated_credits": told.credits,
        "estimated_usd": None if option.off else told.usd,
    }


def _surveyed(one: Surveyed) -> "shapes.Provider":
    can = one.capabilities
    return {
        "provider": can.provider,
        "enabled": one.off is None,
        "reason": one.off or (one.health.reason if one.passed_over else None),
        "healthy": not one.passed_over,
        "failures_in_a_row": one.health.failures,
        "passed_over_until": one.health.open_until.isoformat() if one.passed_over and one.health.open_until else None,
        "models": [_model(name, model) for name, model in can.models.items()],
        "default_model": can.default_model,
        "fields": sorted(can.fields | can.custom_fields | ({*TEXTS, "instrumental"} if can.modes else set())),
        "custom_mode_only": sorted(can.custom_fields),
        "required": list(can.required),
        "modes": can.modes,
        "idea": _length(can.idea) if can.idea else None,
        "lyrics": _length(can.lyrics) if can.lyrics else None,
        "source": _source(can.source),
        "output": _output(can.output),
        "stages": list(can.stages),
        "calls_back": can.rhythm.pushes,
        "tracks": can.tracks,
        "parallel": can.parallel,
        "estimated_credits": can.credits,
        "estimated_usd": can.usd,
    }


def _model(name: str, one: Model) -> "shapes.Model":
    return {
        "name": name,
        "lyrics": one.lyrics,
        "style": one.style,
        "title": one.title,
        "source_seconds": one.source_seconds,
        "credits": one.credits,
        "output_seconds": one.output_seconds,
    }


def _length(one: Length) -> "shapes.Length":
    return {"most": one.most, "least": one.least, "soft": one.soft}


def _source(one: SourceLimits) -> "shapes.SourceLimits":
    return {
        "most_seconds": one.most_seconds,
        "least_seconds": one.least_seconds,
        "warn_seconds": one.warn_seconds,
        "most_bytes": one.most_bytes,
        "formats": sorted(one.formats) if one.formats else None,
        "pages": one.pages,
        "file_bytes": one.file_bytes,
    }


def _output(one: OutputChoices) -> "shapes.OutputChoices":
    return {
        "formats": sorted(one.formats),
        "sample_rates": sorted(one.sample_rates),
        "bitrates": sorted(one.bitrates),
    }


def _request(job: Job) -> "Asked":
    request = job.request
    every = asdict(request)
    elsewhere = ("providers", "source", "visit", "webhook")
    asked = {name: value for name, value in every.items() if value is not None and name not in elsewhere}
    source = {"url": redact(request.source.url)} if request.source.url else {"object": request.source.key}
    source |= {"name": request.source.name} if request.source.name else {}
    named = list(request.providers) or ["auto"]
    provider = named[0] if len(named) == 1 else named
    told = {**_visit(request), **_webhook(request)}
    words = {"mode": request.mode, "source": source, "provider": provider, **asked, **told}
    return cast("Asked", words)  # a test holds the type to the fields of CoverRequest


def _visit(request: CoverRequest) -> dict[str, Any]:
    """A vendor's client: its callback URL may hold secrets of its own."""
    if request.visit is None:
        return {}
    url = request.visit.callback_url
    return {"dialect": request.visit.dialect, "callback_url": redact(url) if url else None}


def _webhook(request: CoverRequest) -> dict[str, Any]:
    hook = request.webhook
    return {"webhook": {"url": redact(hook.url), "events": list(hook.events)}} if hook else {}


def _failure(one: Failure) -> "covers.Failure":
    # `reason` is an error class or one of the type's own: the domain keeps both as text
    reason = cast("covers.FailureReason", one.reason)
    return {"reason": reason, "message": one.message, "retryable": one.retryable, "code": one.code}


def _track(track: Track, alternative: bool, own: str) -> "covers.Track":
    file = track.file
    return {
        "number": track.number,
        "status": track.state,
        "title": track.take.title,
        "image_url": track.take.image_url,
        "reason": track.reason,
        "alternative": alternative,
        "audio_url": f"{own}/tracks/{track.number}/audio" if file else None,
        "duration_seconds": file.seconds if file else track.take.seconds,
        "bytes": file.size if file else None,
        "sha256": file.sha256 if file else None,
        "content_type": file.content_type if file else None,
    }


def _summary(one: Summary, base_url: str) -> "covers.CoverSummary":
    return {
        "id": one.id,
        "name": one.name,
        "state": one.state,
        "stage": one.stage,
        "provider": one.provider,
        "title": one.title,
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
        "links": {"self": f"{base_url}/v1/covers/{one.id}"},
    }


def _entry(entry: Entry) -> "covers.TimelineEntry":
    return {
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "type": entry.type,
        "message": entry.message,
        "state": entry.state,
        "event": entry.event,
        "data": dict(entry.data),
    }


def upload(upload_id: str, ticket: UploadTicket, max_bytes: int) -> "covers.UploadTicket":
    return {
        "upload": upload_id,
        "url": ticket.url,
        "fields": dict(ticket.fields),
        "max_bytes": max_bytes,
        "expires_at": ticket.expires_at.isoformat(),
    }
