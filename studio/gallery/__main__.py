"""python -m studio.gallery song.mp3 --out out/gallery"""

import argparse
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from studio.errors import StudioError
from studio.gallery import page, render


def main() -> int:
    names = render.playable()
    parser = argparse.ArgumentParser(prog="python -m studio.gallery", description="A song in every style, on a page.")
    parser.add_argument("song", type=Path)
    parser.add_argument("--title", help="of the page; the file's name unless told")
    parser.add_argument("--styles", nargs="+", default=names, choices=names, metavar="STYLE", help=", ".join(names))
    parser.add_argument("--out", type=Path, default=Path("out/gallery"))
    asked = parser.parse_args()
    chosen = tuple(dict.fromkeys(asked.styles))
    done = 0

    def told(title: str, seconds: float) -> None:
        nonlocal done
        done += 1
        sys.stdout.write(f"  {done:2} of {len(chosen)}  {title}, after {seconds:.0f} s\n")
        sys.stdout.flush()

    try:
        made = render.gallery(asked.song, chosen, asked.out, told)
    except (StudioError, MemoryError, BrokenProcessPool) as error:
        sys.stderr.write(f"{getattr(error, 'code', type(error).__name__)}: {error}\n")
        return 1
    index = asked.out / "index.html"
    index.write_text(page.written(made, asked.title or asked.song.stem))
    sys.stdout.write(f"Listen: {index.resolve().as_uri()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
