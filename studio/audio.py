"""Files to arrays and back, by FFmpeg's libraries (PyAV): mp3, m4a, flac, ogg, opus, wav in; mp3, wav, flac out."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from studio.errors import NotAudioError, ProtectedError, TooLongError
from studio.model import Wave

MOST_SECONDS = 8 * 60

OPTIONS = {"format_whitelist": "aac,flac,mov,mp3,ogg,wav", "protocol_whitelist": "file"}
"""No playlists: they name files that FFmpeg would open."""

LOCKED = {"drms", "drmi", "enca", "aavd", "p608"}
"""The codec tags of encrypted audio in an mp4."""

CODECS = {".mp3": ("libmp3lame", "fltp"), ".wav": ("pcm_s16le", "s16"), ".flac": ("flac", "s16")}
BIT_RATE = 192_000


def decode(path: Path, rate: int, most_seconds: float = MOST_SECONDS) -> Wave:
    """The file's first audio stream as (channels, samples), one channel or two, at `rate` Hz."""
    try:
        with av.open(str(path), mode="r", options=OPTIONS) as container:
            if not container.streams.audio:
                raise NotAudioError("the file has no audio stream")
            stream = container.streams.audio[0]
            if str(stream.codec_context.codec_tag) in LOCKED:
                raise ProtectedError("the file is encrypted by a shop (DRM) and cannot be read")
            channels = min(stream.codec_context.channels, 2) or 1
            resampler = AudioResampler(format="fltp", layout="mono" if channels == 1 else "stereo", rate=rate)
            parts = list(_within(_frames(container, resampler), rate, most_seconds))
    except (av.FFmpegError, ValueError, IndexError, OSError) as error:
        raise NotAudioError(f"not decodable as audio: {type(error).__name__}") from error
    if not parts:
        raise NotAudioError("no sound in it")
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def _frames(container: "av.container.InputContainer", resampler: AudioResampler) -> Iterator[Wave]:
    """Decodes on past a damaged packet, as players do; a file of nothing but damage yields nothing."""
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            continue
        for frame in frames:
            for one in resampler.resample(frame):
                yield one.to_ndarray().astype(np.float32, copy=False)
    for one in resampler.resample(None):
        yield one.to_ndarray().astype(np.float32, copy=False)


def _within(parts: Iterator[Wave], rate: int, most_seconds: float) -> Iterator[Wave]:
    samples = 0
    for part in parts:
        samples += part.shape[1]
        if samples > most_seconds * rate:
            raise TooLongError(f"longer than {most_seconds / 60:g} minutes")
        yield part


def encode(samples: Wave, rate: int, path: Path) -> None:
    """Writes (channels, samples) or (samples,) at `rate` Hz; the suffix says how: .mp3 (192 kbit/s), .wav or .flac."""
    codec, kind = CODECS[path.suffix.lower()]
    planes = np.atleast_2d(samples)
    options = {"compression_level": "7"} if codec == "libmp3lame" else {}
    with av.open(str(path), mode="w") as container:
        layout = "mono" if planes.shape[0] == 1 else "stereo"
        stream = container.add_stream(codec, rate=rate, options=options, layout=layout)
        assert isinstance(stream, av.AudioStream)
        if codec == "libmp3lame":
            stream.bit_rate = BIT_RATE
        for start in range(0, planes.shape[1], rate):
            block = planes[:, start : start + rate]
            frame = av.AudioFrame.from_ndarray(_shaped(block, kind), format=kind, layout=layout)
            frame.sample_rate = rate
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _shaped(block: Wave, kind: str) -> NDArray[np.float32] | NDArray[np.int16]:
    """(channels, n) as FFmpeg wants it: planar floats, or whole numbers of 16 bits with the channels in turn."""
    if kind == "fltp":
        return np.ascontiguousarray(block, dtype=np.float32)
    return np.rint(np.clip(block, -1, 1).T.reshape(1, -1) * 32767).astype(np.int16)


def resample(samples: Wave, rate: int, wanted: int) -> Wave:
    """(channels, n) at `rate` Hz as (channels, m) at `wanted` Hz."""
    if rate == wanted:
        return samples
    layout = "mono" if samples.shape[0] == 1 else "stereo"
    resampler = AudioResampler(format="fltp", layout=layout, rate=wanted)
    parts = []
    for start in range(0, samples.shape[1], rate * 10):
        block = np.ascontiguousarray(samples[:, start : start + rate * 10], dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.pts = start
        parts += [one.to_ndarray() for one in resampler.resample(frame)]
    parts += [one.to_ndarray() for one in resampler.resample(None)]
    return np.concatenate(parts, axis=1)
