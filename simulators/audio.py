"""Two takes made from the song that was sent: the same music, audibly coloured and shifted by FFmpeg's own filters.

No model and no taste here. The point is that what comes back is a real mp3 which can only have been made from the
upload: a client that mixes up songs, or archives the wrong link, is caught by ear and by measurement.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import av
import av.error
from av.filter import Graph

RATE = 44_100
BIT_RATE = 128_000
_CONTAINERS = {
    "mp3": ("mp3", "libmp3lame", "s16p"),
    "wav": ("wav", "pcm_s16le", "s16"),
    "pcm": ("s16le", "pcm_s16le", "s16"),
}

Filters = tuple[tuple[str, str], ...]

# Not `vibrato`: it reads memory it never set, so that takes differ from run to run and sometimes crack.
STYLES: tuple[tuple[tuple[str, ...], Filters], ...] = (
    (("lo-fi", "lofi", "chill"), (("lowpass", "f=2600"), ("aphaser", "speed=0.6"))),
    (("8-bit", "8 bit", "chiptune", "game"), (("acrusher", "bits=6:samples=6:mode=lin:mix=0.8"),)),
    (("jazz", "swing", "blues", "soul"), (("equalizer", "f=180:t=q:w=1:g=5"), ("tremolo", "f=5:d=0.35"))),
    (("rock", "metal", "punk"), (("acompressor", "ratio=8:threshold=0.1:makeup=3"), ("treble", "g=6"))),
    (("ambient", "dream", "dub", "reverb"), (("aecho", "0.8:0.8:120|260:0.5|0.35"),)),
    (("synth", "electro", "techno", "house", "disco"), (("flanger", "depth=6:speed=0.6"), ("bass", "g=5"))),
    (("piano", "classical", "folk", "acoustic"), (("highpass", "f=160"), ("treble", "g=3"))),
)
PLAIN: Filters = (("equalizer", "f=900:t=q:w=1:g=-6"),)

# Per take: semitones, tempo, and the colour that tells one take from the other.
TAKES: tuple[tuple[int, float, Filters], ...] = (
    (2, 0.96, (("chorus", "0.7:0.9:40:0.3:0.4:1.5"),)),
    (-3, 1.05, (("aecho", "0.8:0.7:180:0.35"), ("bass", "g=3"))),
)


class NotAudioError(ValueError):
    """The bytes hold no audio that FFmpeg can read."""


def seconds(song: bytes) -> float:
    """Length by counting demuxed packets: headers lie, packets do not."""
    try:
        with av.open(io.BytesIO(song), "r") as source:
            stream = next(iter(source.streams.audio), None)
            if stream is None:
                raise NotAudioError("no audio stream")
            base = stream.time_base or 0
            counted = sum((packet.duration or 0) for packet in source.demux(stream)) * base
    except (av.error.FFmpegError, OSError) as error:
        raise NotAudioError(str(error)) from error
    if counted <= 0:
        raise NotAudioError("no audio packets")
    return float(counted)


def colour(style: str) -> Filters:
    """The filters that the words of a style ask for; a plain cut in the middle when it names none we know."""
    wanted = style.lower()
    chains = [filters for words, filters in STYLES if any(word in wanted for word in words)]
    return tuple(step for chain in chains[:2] for step in chain) or PLAIN


def shift(style: str, take: int) -> tuple[int, float]:
    """Semitones and tempo of one take. The style nudges the tempo by up to 4 %, the same way every time."""
    semitones, tempo, _ = TAKES[take]
    nudge = hashlib.sha256(style.encode()).digest()[0] / 255 * 0.04
    return semitones, round(tempo + nudge, 4)


def cover(
    song: bytes,
    style: str,
    take: int,
    title: str = "",
    alive: Callable[[], None] = lambda: None,
    lift: int = 0,
    bit_rate: int = BIT_RATE,
) -> bytes:
    """One finished take as mp3. `alive` is called between frames and may raise to abandon the work.

    `lift` is how many semitones the buyer asked for, on top of the take's own.
    """
    target = io.BytesIO()
    try:
        with av.open(io.BytesIO(song)) as source, av.open(target, "w", format="mp3") as sink:
            sink.metadata["title"] = title
            sink.metadata["comment"] = f"simulated take {take + 1}"
            encoder: Any = sink.add_stream("libmp3lame", rate=RATE, options={"compression_level": "7"})
            encoder.layout, encoder.format, encoder.bit_rate = "stereo", "s16p", bit_rate
            for frame in _filtered(source, style, take, lift):
                alive()
                sink.mux(encoder.encode(frame))
            sink.mux(encoder.encode(None))
    except av.error.FFmpegError as error:
        raise NotAudioError(str(error)) from error
    return target.getvalue()


def recoded(made: bytes, form: str, rate: int = RATE, bit_rate: int = BIT_RATE) -> bytes:
    """A finished take as mp3, wav or bare 16-bit pcm, stereo, at another rate. Lossless forms ignore the bit rate."""
    container, codec, samples = _CONTAINERS[form]
    target = io.BytesIO()
    with av.open(io.BytesIO(made), "r") as source, av.open(target, "w", format=container) as sink:
        encoder: Any = sink.add_stream(codec, rate=rate)
        encoder.layout, encoder.format = "stereo", samples
        if form == "mp3":
            encoder.bit_rate = bit_rate
        even = av.AudioResampler(format=samples, layout="stereo", rate=rate)
        for decoded in [*source.decode(audio=0), None]:
            for frame in even.resample(decoded):
                frame.pts = None
                sink.mux(encoder.encode(frame))
        sink.mux(encoder.encode(None))
    return target.getvalue()


def _filtered(source: Any, style: str, take: int, lift: int) -> Iterator[Any]:
    graph = _graph(style, take, lift)
    even = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    for decoded in source.decode(audio=0):
        for frame in even.resample(decoded):
            frame.pts = None
            graph.push(frame)
            yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _graph(style: str, take: int, lift: int) -> Graph:
    semitones, tempo = shift(style, take)
    ratio = 2 ** ((semitones + lift) / 12)
    steps: Filters = (
        ("asetrate", str(round(RATE * ratio))),
        ("aresample", str(RATE)),
        *_at_tempo(tempo / ratio),
        *colour(style),
        *TAKES[take][2],
        ("alimiter", "limit=0.9"),
        ("aformat", f"sample_fmts=s16p:channel_layouts=stereo:sample_rates={RATE}"),
    )
    graph = Graph()
    nodes: list[Any] = [graph.add_abuffer(sample_rate=RATE, format="fltp", layout="stereo")]
    nodes += [graph.add(name, options) for name, options in steps]
    graph.link_nodes(*nodes, graph.add("abuffersink")).configure()
    return graph


def _at_tempo(factor: float) -> Filters:
    """FFmpeg takes half speed at the slowest: what is slower still is done in two steps."""
    return (("atempo", f"{factor:.6f}"),) if factor >= 0.5 else (("atempo", f"{factor**0.5:.6f}"),) * 2


def _pulled(graph: Graph) -> Iterator[Any]:
    while True:
        try:
            frame: Any = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pts = None
        yield frame
