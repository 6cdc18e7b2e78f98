"""Messages of protobuf as lists of numbered fields: as much as an ONNX file has, which is numbers and bytes.

https://protobuf.dev/programming-guides/encoding
"""

from collections.abc import Iterable, Iterator

Value = int | bytes
Field = tuple[int, Value]
"""A field's number and what it holds; a message within a message is bytes."""
NUMBER, BYTES = 0, 2


def read(message: Value) -> Iterator[Field]:
    message = as_bytes(message)
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        value, at = _number(message, at)
        if key & 7 == BYTES:
            yield key >> 3, message[at : at + value]
            at += value
        elif key & 7 == NUMBER:
            yield key >> 3, value
        else:
            raise ValueError("a field that is neither a number nor bytes")


def written(fields: Iterable[Field]) -> bytes:
    out = bytearray()
    for name, value in fields:
        if isinstance(value, int):
            out += _sevens(name << 3 | NUMBER) + _sevens(value)
        else:
            out += _sevens(name << 3 | BYTES) + _sevens(len(value)) + value
    return bytes(out)


def as_bytes(value: Value) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where bytes are meant to be")
    return value


def _number(message: bytes, at: int) -> tuple[int, int]:
    """Sevens of bits, the lowest first, and where they end."""
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if message[at - 1] < 128:
            return value, at


def _sevens(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
