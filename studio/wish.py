"""What is asked for: the fields of a cover request that mean something to this engine."""

from dataclasses import dataclass

MOST_SHIFT = 12


@dataclass(frozen=True)
class Wish:
    style: str = ""
    """free text: "dreamy lo-fi with soft piano, 80 bpm, no drums"; empty is the studio's choice"""
    negative: str = ""
    """instruments and colours to leave out, free text or tags"""
    instrumental: bool = True
    """False: the source's lead voice stays, over the new band"""
    pitch: int = 0
    """semitones, -12 to 12"""
    voice: str = ""
    """a colour of the kept voice: see `voice.COLOURS`"""
    style_weight: float = 0.65
    """0: the source's tempo and its own feel; 1: all the style's"""
    weirdness: float = 0.3
    """0: as written; 1: ornaments, other rhythms, another lead"""
    audio_weight: float = 0.0
    """0: nothing of the source sounds; 1: it sounds as loud as the band, and the band follows its beat"""

    def __post_init__(self) -> None:
        if not -MOST_SHIFT <= self.pitch <= MOST_SHIFT:
            raise ValueError(f"pitch is {-MOST_SHIFT} to {MOST_SHIFT} semitones")
        for name in ("style_weight", "weirdness", "audio_weight"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is 0 to 1")
