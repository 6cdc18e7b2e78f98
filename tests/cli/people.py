"""The command as a musician uses it: against the deployed house on moto, without a terminal."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app, main
from tests.client.world import World


@dataclass
class Desk:
    world: World
    folder: Path

    def run(self, *arguments: str, input: str | None = None) -> Result:
        """What typer itself tells: wrong usage, and how it went. Errors come through as they are."""
        done = CliRunner().invoke(app, list(arguments), input=input)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def main(self, *arguments: str) -> int:
        """The exit code of the whole command, errors told as people meet them."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["reprise", *arguments])
            with pytest.raises(SystemExit) as left:
                main()
        return int(str(left.value.code or 0))

    def ordered(self, *more: str) -> str:
        """The id of a cover that is under way."""
        done = self.run("cover", "https://songs.example/a.mp3", "--style", "lo-fi jazz", "--no-watch", *more)
        return done.stdout.strip()

    def made(self) -> str:
        """The id of a cover that is done."""
        job = self.ordered()
        assert self.run("watch", job, "--out", str(self.folder / "made")).exit_code == 0
        return job
