"""Reads SF2 and SF3 soundfonts: which sample sounds for a key and a velocity, and how it is shaped.

An SF2 is a RIFF of tables. A preset has zones, a zone names an instrument, whose zones name samples; each zone is a
list of generators (numbers with a meaning). Those of the instrument are absolute, those of the preset are added.
An SF3 is the same with every sample packed as Ogg Vorbis.
"""

import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.errors import NoFontError
from studio.model import Wave
from studio.sample import Sample, seamless, unpacked

DRUMS = 128
"""The program of the General MIDI drum kit: bank 128, preset 0."""

Table = NDArray[Any]
Kind = np.dtype[Any]
PRESET_TABLE = np.dtype([("name", "S20"), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "<u4", 3)])
INSTRUMENT_TABLE = np.dtype([("name", "S20"), ("bag", "<u2")])
BAG_TABLE = np.dtype([("generator", "<u2"), ("modulator", "<u2")])
GENERATOR_TABLE = np.dtype([("kind", "<u2"), ("amount", "<i2")])
SAMPLE_TABLE = np.dtype(
    [
        ("name", "S20"),
        *((one, "<u4") for one in ("start", "end", "loop_start", "loop_end", "rate")),
        ("key", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("type", "<u2"),
    ]
)
PACKED = 0x10
"""The bit of a sample's type that says Ogg Vorbis."""

INSTRUMENT, KEY_RANGE, VELOCITY_RANGE, SAMPLE = 41, 43, 44, 53
DEFAULTS = {8: 13500, 30: -12000, 33: -12000, 34: -12000, 35: -12000, 36: -12000, 38: -12000, 46: -1, 56: 100, 58: -1}
DEFAULTS |= {23: -12000, 25: -12000, 26: -12000, 27: -12000, 28: -12000}
NOT_ADDED = {46, 47, 54, 57, 58}
"""Generators that only an instrument may set."""


@dataclass(frozen=True)
class Zone:
    """One sample over a range of keys and velocities, with its generators by number (SoundFont 2.04, section 8.1)."""

    keys: tuple[int, int]
    velocities: tuple[int, int]
    sample: int
    generators: dict[int, int]

    def __getitem__(self, kind: int) -> int:
        return self.generators.get(kind, DEFAULTS.get(kind, 0))

    def seconds(self, kind: int) -> float:
        """A time generator: timecents, where -12000 is none at all."""
        return 0.0 if self[kind] <= -12000 else float(2.0 ** (self[kind] / 1200))


class SoundFont:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self._data[:4]) != b"RIFF" or bytes(self._data[8:12]) != b"sfbk":
            raise NoFontError(f"{path.name} is no SF2 or SF3 soundfont")
        self._chunks = _chunks(self._data)
        self._read = lru_cache(maxsize=256)(self._sample)
        self._zones = lru_cache(maxsize=256)(self._zones_of)
        self.zones = lru_cache(maxsize=4096)(self._zones_at)

    def _table(self, name: str, kind: Kind) -> Table:
        start, size = self._chunks[name]
        return np.frombuffer(self._data[start : start + size].tobytes(), dtype=kind)

    @cached_property
    def programs(self) -> dict[int, int]:
        """GM program (or DRUMS) -> row in the table of presets."""
        table = self._table("phdr", PRESET_TABLE)[:-1]
        found: dict[int, int] = {}
        for row, one in enumerate(table):
            if one["bank"] == 0 and one["preset"] < 128:
                found.setdefault(int(one["preset"]), row)
            elif one["bank"] == 128:
                best = found.get(DRUMS)
                if best is None or one["preset"] < table[best]["preset"]:
                    found[DRUMS] = row
        return found

    @cached_property
    def _samples(self) -> Table:
        return self._table("shdr", SAMPLE_TABLE)

    @cached_property
    def _parts(self) -> dict[str, Table]:
        tables = {name: self._table(name, BAG_TABLE) for name in ("pbag", "ibag")}
        tables |= {name: self._table(name, GENERATOR_TABLE) for name in ("pgen", "igen")}
        return tables | {"phdr": self._table("phdr", PRESET_TABLE), "inst": self._table("inst", INSTRUMENT_TABLE)}

    def _bags(self, header: str, row: int) -> list[dict[int, int]]:
        """The zones of a preset or an instrument as generators; a first zone without a target applies to all."""
        bags = self._parts["pbag" if header == "phdr" else "ibag"]
        table = self._parts["pgen" if header == "phdr" else "igen"]
        target = INSTRUMENT if header == "phdr" else SAMPLE
        shared: dict[int, int] = {}
        zones = []
        for bag in range(self._parts[header][row]["bag"], self._parts[header][row + 1]["bag"]):
            rows = table[bags[bag]["generator"] : bags[bag + 1]["generator"]]
            one = {int(kind): int(amount) for kind, amount in rows.tolist()}
            if target in one:
                zones.append(shared | one)
            elif not zones:
                shared = one
        return zones

    def _zones_of(self, program: int) -> tuple[Zone, ...]:
        zones = []
        for preset in self._bags("phdr", self.programs[program]):
            for one in self._bags("inst", preset[INSTRUMENT]):
                keys = _both(_range(preset, KEY_RANGE), _range(one, KEY_RANGE))
                velocities = _both(_range(preset, VELOCITY_RANGE), _range(one, VELOCITY_RANGE))
                if keys[0] <= keys[1] and velocities[0] <= velocities[1]:
                    zones.append(Zone(keys, velocities, one[SAMPLE], _sum(one, preset)))
        return tuple(zones)

    def _zones_at(self, program: int, key: int, velocity: int) -> tuple[Zone, ...]:
        """The zones that sound for a key; the nearest ones where the font has a gap."""
        if program not in self.programs:
            raise NoFontError(f"{self.path.name} has no program {program}")
        every = self._zones(program)
        found = tuple(one for one in every if _in(key, one.keys) and _in(velocity, one.velocities))
        if found or program == DRUMS:
            return found
        near = min(_away(key, one.keys) + _away(velocity, one.velocities) for one in every)
        return tuple(one for one in every if _away(key, one.keys) + _away(velocity, one.velocities) == near)

    def sample(self, zone: Zone) -> Sample:
        return self._read(
            zone.sample, zone[0] + 32768 * zone[4], zone[2] + 32768 * zone[45], zone[3] + 32768 * zone[50]
        )

    def _sample(self, number: int, shift: int, loop_start: int, loop_end: int) -> Sample:
        row = self._samples[number]
        start, end = int(row["start"]), int(row["end"])
        base, _ = self._chunks["smpl"]
        loop = (int(row["loop_start"]) + loop_start, int(row["loop_end"]) + loop_end)
        wave: Wave
        if row["type"] & PACKED:
            wave = unpacked(self._data[base + start : base + end].tobytes())
        else:
            wave = self._data[base + 2 * start : base + 2 * end].view("<i2").astype(np.float32) / np.float32(32768)
            loop = (loop[0] - start, loop[1] - start)
        key = (60 if row["key"] > 127 else int(row["key"])) - int(row["correction"]) / 100
        return Sample(seamless(wave, loop)[shift:], (loop[0] - shift, loop[1] - shift), int(row["rate"]), key)


def _chunks(data: Table, at: int = 12, stop: int | None = None) -> dict[str, tuple[int, int]]:
    """Chunk name -> (start, size), over the lists INFO, sdta and pdta of the RIFF.

    A chunk of odd size ought to be followed by a zero. Packers of SF3 leave it out after the samples; no chunk's name
    begins with a zero, so it is skipped where it is.
    """
    stop = data.size if stop is None else min(stop, data.size)
    found: dict[str, tuple[int, int]] = {}
    while at + 8 <= stop:
        name, size = struct.unpack("<4sI", data[at : at + 8].tobytes())
        end = at + 8 + size
        if name == b"LIST":
            found = _chunks(data, at + 12, end) | found
        else:
            found.setdefault(name.decode("latin-1"), (at + 8, size))
        at = end + (size % 2 and end < stop and data[end] == 0)
    return found


def _range(generators: dict[int, int], kind: int) -> tuple[int, int]:
    amount = generators.get(kind, 127 << 8) & 0xFFFF
    return amount & 0xFF, amount >> 8


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), min(one[1], other[1])


def _in(number: int, span: tuple[int, int]) -> bool:
    return span[0] <= number <= span[1]


def _away(number: int, span: tuple[int, int]) -> int:
    return max(span[0] - number, number - span[1], 0)


def _sum(instrument: dict[int, int], preset: dict[int, int]) -> dict[int, int]:
    total = dict(instrument)
    for kind, amount in preset.items():
        if kind not in NOT_ADDED and kind not in (INSTRUMENT, KEY_RANGE, VELOCITY_RANGE):
            total[kind] = total.get(kind, DEFAULTS.get(kind, 0)) + amount
    return total
