"""Runs one simulator from the command line: one JSON line when it is ready, a clean end on SIGTERM or SIGINT."""

import argparse
import json
import signal
import threading

from simulators.frame import Simulator


def options(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m simulators.{name}")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default=f"{name}-key", help="the only API key that is let in")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="scales the vendor's own time: 0.1 is ten times as fast"
    )
    parser.add_argument("--credits", type=int, default=1000, help="the balance to start with")
    return parser


def serve(simulator: Simulator) -> None:
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with simulator:
        print(json.dumps({"name": simulator.name, "url": simulator.url}), flush=True)
        over.wait()
