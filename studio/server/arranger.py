"""The studio's own engine behind the service's `Engine`. Only workers import what hears and plays."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.server.asked import Asked
from studio.server.engine import Made, MadeFile, MadeTake, RefusedError, Tell

if TYPE_CHECKING:
    from studio.wish import Wish

SHEET = "sheet"
WEIGHTS = ("style_weight", "weirdness", "audio_weight")


class Arranger:
    def cover(self, song: Path, asked: Asked, seed: str, out: Path, tell: Tell) -> None:
        from reprise.media import PacketProbe

        from studio.cover import cover
        from studio.errors import StudioError

        measured = PacketProbe().seconds
        report: dict[str, Any] = {}
        sheet: tuple[MadeFile, ...] = ()

        def on_stage(stage: str, made: Mapping[str, Any]) -> None:
            """`complete` is told below, of what the engine gives back."""
            nonlocal sheet
            if stage == "text":
                written = Path(made["sheet"])
                sheet = (MadeFile(written.name, SHEET),)
                report.update({name: value for name, value in made.items() if name != "sheet"})
                report["chart"] = written.read_text()
                tell("text", Made(report, (), sheet))
            elif stage == "first":
                first = Path(made["take"])
                tell("first", Made(report, (MadeTake(first.name, measured(first)),), sheet))

        try:
            done = cover(song, wish_of(asked), seed, out, on_stage, kind=f".{asked.format}")
        except StudioError as error:
            raise RefusedError(error.code, str(error)) from error
        takes = tuple(MadeTake(take.audio.name, measured(take.audio)) for take in done.takes)
        midi = tuple(MadeFile(take.midi.name, "midi") for take in done.takes)
        tell("complete", Made(report, takes, (*sheet, *midi, MadeFile(done.picture.name, "picture"))))

    def styles(self) -> Sequence[Mapping[str, Any]]:
        from studio.style import styles

        return [{"id": name, "name": style.title, "about": style.about} for name, style in styles().items()]

    def voices(self) -> Sequence[Mapping[str, Any]]:
        from studio.voice import COLOURS

        return [{"id": name, "name": name.capitalize(), "about": about} for name, about in COLOURS.items()]


def wish_of(asked: Asked) -> "Wish":
    """Style and prompt are one wish in words; what was not asked for is as the engine has it."""
    from studio.wish import Wish

    weights = {name: value for name in WEIGHTS if (value := getattr(asked, name)) is not None}
    return Wish(
        style=", ".join(words for words in (asked.style, asked.prompt) if words),
        negative=asked.negative_style or "",
        instrumental=asked.instrumental,
        pitch=asked.pitch,
        voice=asked.voice or "",
        **weights,
    )


ENGINE = Arranger()
