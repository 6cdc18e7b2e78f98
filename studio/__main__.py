"""python -m studio song.mp3 "dreamy lo-fi with soft piano" --out covers/"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.cover import cover
from studio.errors import StudioError
from studio.style import styles
from studio.voice import COLOURS
from studio.wish import Wish


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m studio", description="Covers a song offline, in two takes.")
    parser.add_argument("song", type=Path)
    parser.add_argument("style", nargs="?", default="", help=f"in your words; styles: {', '.join(styles())}")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--seed", default="1", help="the same seed gives the same takes")
    parser.add_argument("--without", default="", help="instruments to leave out")
    parser.add_argument("--pitch", type=int, default=0, help="semitones, -12 to 12")
    parser.add_argument("--sing", action="store_true", help="keep the source's lead voice")
    parser.add_argument("--voice", default="", choices=["", *COLOURS], help="a colour for the kept voice")
    parser.add_argument("--style-weight", type=float, default=0.65)
    parser.add_argument("--weirdness", type=float, default=0.3)
    parser.add_argument("--audio-weight", type=float, default=0.0)
    parser.add_argument("--soundfont", type=Path)
    parser.add_argument("--stems", action="store_true", help="write the lead alone, too")
    asked = parser.parse_args()
    wish = Wish(
        style=asked.style,
        negative=asked.without,
        instrumental=not asked.sing,
        pitch=asked.pitch,
        voice=asked.voice,
        style_weight=asked.style_weight,
        weirdness=asked.weirdness,
        audio_weight=asked.audio_weight,
    )
    try:
        cover(asked.song, wish, asked.seed, asked.out, _tell, soundfont=asked.soundfont, stems=asked.stems)
    except (StudioError, ValueError) as error:
        sys.stderr.write(f"{getattr(error, 'code', 'wish')}: {error}\n")
        return 1
    return 0


def _tell(stage: str, made: Mapping[str, Any]) -> None:
    sys.stdout.write(f"{stage}: {json.dumps(made, indent=2)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
