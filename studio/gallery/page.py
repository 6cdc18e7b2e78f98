"""The page of a gallery: one file of HTML that needs nothing but the sounds and pictures beside it."""

import json
from html import escape
from pathlib import Path
from string import Template

from studio.gallery.render import Entry, Gallery, Sound, Take

FOLDER = Path(__file__).parent
QUIETEST = -24.0
"""LUFS. All is turned down to the quietest sound, so that loudness favours none; to one below this, not all the way."""


def written(gallery: Gallery, title: str) -> str:
    heard = gallery.heard
    return Template(_beside("page.html")).substitute(
        title=escape(title),
        css=_beside("page.css"),
        script=_beside("player.js"),
        count=len(gallery.entries),
        facts=_facts(
            {
                "Key": heard.key.name,
                "Tempo": f"{heard.tempo:.0f} bpm",
                "Metre": f"{heard.metre} in a bar",
                "Length": clock(heard.seconds),
                "Loudness": f"{gallery.source.lufs:.1f} LUFS",
                "Sure of the tune": f"{heard.confidence:.0%}",
            }
        ),
        source=_audio("source", 0, gallery.source, "The source"),
        sheet=escape(gallery.sheet),
        contents="\n".join(f'<li><a href="#{one.name}">{escape(one.title)}</a></li>' for one in gallery.entries),
        cards="\n".join(map(_card, gallery.entries)),
        sounds=json.dumps(_sounds(gallery), separators=(",", ":")).replace("<", "\\u003c"),
    )


def clock(seconds: float) -> str:
    """Whole seconds that have passed, as players count."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _card(entry: Entry) -> str:
    said = "".join(f"<li>{escape(one)}</li>" for one in (*entry.understood, *entry.warnings))
    takes = "\n".join(_take(entry, number, take) for number, take in enumerate(entry.takes, 1))
    return f"""<article class="card" id="{entry.name}" aria-labelledby="{entry.name}-title">
<h2 id="{entry.name}-title">{escape(entry.title)}</h2>
<p class="about">{escape(entry.about)}</p>
{takes}
<figure><a href="{escape(entry.picture)}"><img src="{escape(entry.picture)}" width="1400" height="748" loading="lazy"
 alt="Waveform, chords and tune of the source, and of take 1 below it"></a></figure>
<details><summary>What was understood</summary><ul>{said}</ul></details>
</article>"""


def _take(entry: Entry, number: int, take: Take) -> str:
    sound = take.sound
    facts = f"{take.tempo:.0f} bpm · {clock(sound.seconds)} · {sound.lufs:.1f} LUFS"
    return f"""<section class="take" aria-label="Take {number}">
<h3>Take {number} <small>{facts}</small></h3>
<p class="band">{escape(", ".join(take.instruments))} · <a href="{escape(take.midi)}">MIDI</a></p>
{_audio(entry.name, number, sound, f"{entry.title}, take {number}")}
</section>"""


def _audio(style: str, take: int, sound: Sound, words: str) -> str:
    """`data-take` 0 is the source."""
    return (
        f'<audio controls preload="metadata" src="{escape(sound.file)}" data-style="{style}" data-take="{take}"'
        f' aria-label="{escape(words)}"></audio>'
    )


def _facts(facts: dict[str, str]) -> str:
    return "\n".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())


def _sounds(gallery: Gallery) -> dict[str, list[dict[str, object]]]:
    """For the player, by style: of the source and each take the beats in seconds, and a volume that makes all equal."""
    every = [gallery.source, *(take.sound for one in gallery.entries for take in one.takes)]
    level = max(min(sound.lufs for sound in every), QUIETEST)

    def known(sound: Sound) -> dict[str, object]:
        volume = min(1.0, 10 ** ((level - sound.lufs) / 20))
        return {"beats": [round(beat, 2) for beat in sound.beats], "volume": round(volume, 3)}

    styles = {one.name: [known(take.sound) for take in one.takes] for one in gallery.entries}
    return {"source": [known(gallery.source)], **styles}


def _beside(name: str) -> str:
    return (FOLDER / name).read_text()
