"""The small files beside the audio: lyrics, metadata and a manifest that lets anyone check the copies."""

import json
from dataclasses import asdict

from reprise.domain.job import Job, State


def folder(job: Job) -> str:
    return f"covers/{job.tenant}/{job.id}/"


def sidecars(before: Job, after: Job) -> dict[str, str]:
    """File name -> text of what this change makes worth writing."""
    files: dict[str, str] = {}
    if after.lyrics and after.lyrics != before.lyrics:
        files["lyrics.txt"] = after.lyrics
    if after.state is State.SUCCEEDED and before.state is not State.SUCCEEDED:
        files["metadata.json"] = _text(_metadata(after))
        files["manifest.json"] = _text(_manifest(after))
        words = after.lyrics or after.request.lyrics
        if words:
            files["lyrics.txt"] = words
    return files


def _metadata(job: Job) -> dict[str, object]:
    request = job.request
    return {
        "id": job.id,
        "provider": job.provider,
        "task_id": job.task_id,
        "created_at": job.created_at.isoformat(),
        "title": request.title,
        "style": request.style,
        "prompt": request.prompt,
        "model": request.model,
        "instrumental": request.instrumental,
        "metadata": dict(request.metadata),
        "tracks": [
            {"number": track.number, "id": track.take.id, "title": track.take.title, "image_url": track.take.image_url}
            for track in job.tracks
        ],
    }


def _manifest(job: Job) -> dict[str, object]:
    files = [{"number": track.number, **asdict(track.file)} for track in job.tracks if track.file]
    return {"job": job.id, "files": files}


def _text(value: dict[str, object]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
