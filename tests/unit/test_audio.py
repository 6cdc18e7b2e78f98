"""First bytes and lengths: what counts as a finished take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.audio import AAC, FEWEST_BYTES, FLAC, M4A, MP3, OGG, WAV, AudioType, audio_type, cut_off, fault

ENOUGH = FEWEST_BYTES
TYPES = {
    "wav": (b"RIFF\x24\x00\x00\x00WAVEfmt ", WAV),
    "flac": (b"fLaC\x00\x00\x00\x22" + bytes(8), FLAC),
    "ogg": (b"OggS\x00\x02" + bytes(10), OGG),
    "m4a": (b"\x00\x00\x00\x1cftypM4A \x00\x00", M4A),
    "mp4": (b"\x00\x00\x00\x1cftypisom\x00\x00", M4A),
    "mp3 with a tag": (b"ID3\x04" + bytes(12), MP3),
    "mp3 of MPEG 1": (b"\xff\xfb\x90\x64" + bytes(12), MP3),
    "mp3 of MPEG 2": (b"\xff\xf3\x84\xc4" + bytes(12), MP3),
    "mp3 of MPEG 2.5": (b"\xff\xe3\x18\xc4" + bytes(12), MP3),
    "ADTS of MPEG 4": (b"\xff\xf1\x50\x80" + bytes(12), AAC),
    "ADTS of MPEG 2": (b"\xff\xf9\x50\x80" + bytes(12), AAC),
}
NO_TYPE = {
    "nothing": b"",
    "one byte": b"\xff",
    "half a frame": b"\xff\xfb",
    "text": b"Not found, sorry",
    "json": b'{"code":404,"msg":"no such file"}',
    "a page": b"<!DOCTYPE html>",
    "a playlist": b"#EXTM3U\n#EXT-X-VERSION:3",
    "avi": b"RIFF\x24\x00\x00\x00AVI LIST",
    "webm": b"\x1aE\xdf\xa3" + bytes(12),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(8),
    "gzip": b"\x1f\x8b\x08" + bytes(12),
    "zip": b"PK\x03\x04" + bytes(12),
    "zeros": bytes(16),
    "a page in UTF-16": "\ufeff<html>".encode("utf-16-le"),
    "a frame of a version that does not exist": b"\xff\xeb\x90\x64",
    "a frame of a rate that does not exist": b"\xff\xfb\xf0\x64",
    "a frame of a frequency that does not exist": b"\xff\xfb\x9c\x64",
}


@pytest.mark.parametrize("name", TYPES)
def test_a_format_is_told_by_its_first_bytes(name: str) -> None:
    head, kind = TYPES[name]
    assert audio_type(head) is kind
    assert fault(ENOUGH, head) is None


@pytest.mark.parametrize("name", NO_TYPE)
def test_what_is_no_audio_has_no_type_and_a_fault(name: str) -> None:
    assert audio_type(NO_TYPE[name]) is None
    assert fault(1_000_000, NO_TYPE[name])


@pytest.mark.parametrize(
    ("size", "head", "words"),
    [
        (0, b"", "the file is empty"),
        (50_000, b"<!doctype html>", "a web page came instead of audio"),
        (50_000, b"<!DOCTYPE HTML>", "a web page came instead of audio"),
        (50_000, b"<html lang=en>", "a web page came instead of audio"),
        (50_000, b"\r\n  <HTML>", "a web page came instead of audio"),
        (50_000, b"<head><title>403", "a web page came instead of audio"),
        (300, b'<?xml version="1.0"?><Error><Code>AccessDenied', "a web page came instead of audio"),
        (50_000, b"#EXTM3U\n", "a stream's playlist came instead of the finished file"),
        (50_000, b"\n#extm3u\n", "a stream's playlist came instead of the finished file"),
        (50_000, b'{"code":404}', "not a known audio format"),
        (9_999, b"ID3\x04" + bytes(12), "only 9999 bytes: a placeholder"),
        (1, b"\xff", "not a known audio format"),
    ],
)
def test_each_fault_has_its_words(size: int, head: bytes, words: str) -> None:
    assert fault(size, head) == words


def test_ten_thousand_bytes_are_enough() -> None:
    head = TYPES["wav"][0]
    assert fault(FEWEST_BYTES - 1, head)
    assert fault(FEWEST_BYTES, head) is None


@pytest.mark.parametrize(
    ("seconds", "announced", "whole"),
    [
        (0.0, None, False),
        (0.99, None, False),
        (0.99, 1.0, False),
        (1.0, None, True),
        (30.0, None, True),
        (30.0, 0.0, True),
        (30.0, 30.0, True),
        (24.0, 30.0, True),
        (23.9, 30.0, False),
        (41.6, 180.0, False),
        (60.0, 30.0, True),
    ],
)
def test_a_take_is_cut_off_below_four_fifths_of_what_was_announced(
    seconds: float, announced: float | None, whole: bool
) -> None:
    assert (cut_off(seconds, announced) is None) == whole


def test_a_cut_take_says_how_much_came() -> None:
    assert cut_off(41.63, 180.0) == "cut off: 41.6 s of the 180.0 s announced"


@given(st.binary(max_size=64), st.integers(0, 10**9))
def test_any_bytes_are_a_known_type_or_at_fault(head: bytes, size: int) -> None:
    kind = audio_type(head)
    assert kind is None or isinstance(kind, AudioType)
    if kind is None:
        assert fault(size, head)
