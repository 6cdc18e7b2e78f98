"""The file beside the audio: what was asked for, who made it, the words, and how to check each take."""

import json
from dataclasses import asdict

from reprise.domain.job import Job, Track

SIDECAR = "cover.json"


def folder(tenant: str, job_id: str) -> str:
    return f"covers/{tenant}/{job_id}/"


def sidecar(job: Job) -> str:
    """Whoever has the bucket alone can tell from it what its files are, and whether they are whole."""
    request = job.request
    facts = {
        "id": job.id,
        "provider": job.provider,
        "task_id": job.task_id,
        "created_at": job.created_at.isoformat(),
        "title": request.title,
        "style": request.style,
        "prompt": request.prompt,
        "model": request.model,
        "instrumental": request.instrumental,
        "lyrics": job.lyrics or request.lyrics,
        "metadata": dict(request.metadata),
        "tracks": [_track(track) for track in job.tracks],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _track(track: Track) -> dict[str, object]:
    """`file` is None of a take that was given up."""
    return {
        "number": track.number,
        "id": track.take.id,
        "title": track.take.title,
        "image_url": track.take.image_url,
        "file": asdict(track.file) if track.file else None,
    }
