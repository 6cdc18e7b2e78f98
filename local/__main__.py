"""python -m local up | down | demo | gallery"""

import argparse
import sys
from pathlib import Path

from local.vendors import STUDIO, VENDORS


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    if sys.version_info < (3, 11):  # noqa: UP036 - before anything is imported that needs it
        print(f"Python {sys.version.split()[0]} is too old.\nTo mend it: use 3.11 or newer; 3.13 is deployed.")
        return 2
    try:
        return _run(given)
    except ModuleNotFoundError as error:
        print(
            f"The package {error.name} is not installed.\nTo mend it: `make demo` and `make up` install it.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _run(given: argparse.Namespace) -> int:
    from local.errors import LocalError

    try:
        return _COMMANDS[given.command](given)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def _up(given: argparse.Namespace) -> int:
    from local.runner import up, up_detached

    return (up_detached if given.detach else up)(pace=given.pace)


def _down(given: argparse.Namespace) -> int:
    from local.runner import down

    print("Stopped. Its covers and audio are gone with it." if down() else "No stack was running.")
    return 0


def _demo(given: argparse.Namespace) -> int:
    from local.demo import demo

    return demo(given.song, given.style, given.out, provider=given.provider, pace=given.pace)


def _gallery(given: argparse.Namespace) -> int:
    from local.gallery import gallery

    return gallery(given.song, given.out)


_COMMANDS = {"up": _up, "down": _down, "demo": _demo, "gallery": _gallery}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Reprise on this machine, without an AWS account"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start everything, print the URLs, stay until Ctrl-C")
    up.add_argument("--detach", action="store_true", help="return once it is ready; `down` stops it")
    commands.add_parser("down", help="stop what `up` started")
    demo = commands.add_parser("demo", help="start, make one cover of a song, save the takes, stop")
    demo.add_argument("--song", help="an audio file; a small song of our own if left out")
    demo.add_argument("--style", default="lo-fi jazz")
    usual = f"{STUDIO} where it is installed, else {VENDORS[0]}"
    demo.add_argument("--provider", choices=(STUDIO, *VENDORS), help=f"who makes the takes: {usual} unless told")
    gallery = commands.add_parser("gallery", help="one song in every style of the studio, on a page to listen to")
    gallery.add_argument("--song", help="as above")
    for command in (demo, gallery):
        command.add_argument("--out", type=Path, default=Path("out"))
    for command in (up, demo):
        command.add_argument(
            "--pace", type=float, default=1.0, help="the fake providers' speed: 0.1 is ten times as fast"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
