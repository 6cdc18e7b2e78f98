"""The note model laid out anew for today's processors: the same sums in two thirds of the time.

The runtime's kernels count sixteen channels at a time. Most of this net's work is in layers with eight or one, so that
half or nearly all of it is thrown away. Such a layer is *folded*: it answers for several places side by side, as
channels of one wider filter that moves on by as many places, and its answer is then laid out as before. Every sum has
the same terms in the same order, and zeros.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.protobuf import Field, Value, as_bytes, read, written

# Numbers of fields in onnx.proto3: of a model, a graph, a node, an attribute and a tensor.
GRAPH = 7
NODE, INITIALIZER = 1, 5
INPUT, OUTPUT, NAME, KIND, ATTRIBUTE = 1, 2, 3, 4, 5
ATTRIBUTE_NAME, INTS, ATTRIBUTE_TYPE, TYPE_INTS = 1, 8, 20, 7
DIMS, TYPE, TENSOR_NAME, RAW = 1, 2, 8, 9
FLOAT, INT64 = 1, 7

Tensors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Fold:
    """A layer answers for `times` places at once; its whole answer is `rows` of `width` places."""

    times: int
    rows: int
    width: int
    step: int = 1
    """places from one answer to the next in what it hears"""


FOLDS = {
    "/conv1d_2": Fold(16, 1, 21922, step=2),
    "/conv1d_5": Fold(16, 1, 10961, step=2),
    "/conv2d_1/Conv2D1": Fold(2, 172, 264),
    "/contours-reduced/BiasAdd/ReadVariableOp": Fold(12, 172, 264),
    "/conv2d_3/BiasAdd/ReadVariableOp": Fold(8, 172, 88),
}
"""By the ends of the layers' names: two that halve the rate, the widest filters, and what tells contours and notes."""


def folded(model: bytes) -> bytes:
    """An ONNX file with its layers of FOLDS folded."""
    return written((one, _graph(what) if one == GRAPH else what) for one, what in read(model))


def _graph(graph: Value) -> bytes:
    fields = list(read(graph))
    tensors = dict(_tensor(what) for one, what in fields if one == INITIALIZER)
    made = [part for one, what in fields for part in (_node(what, tensors) if one == NODE else [(one, what)])]
    used = {name for one, what in made if one == NODE for kind, name in read(what) if kind == INPUT}
    return written(one for one in made if one[0] != INITIALIZER or _name(one[1]) in used)


def _node(node: Value, tensors: Tensors) -> list[Field]:
    """The node as it was, or what takes its place."""
    parts = list(read(node))
    name = next(as_bytes(what).decode() for one, what in parts if one == OUTPUT)
    fold = next((fold for ending, fold in FOLDS.items() if name.endswith(ending)), None)
    if fold is None or (KIND, b"Conv") not in parts:
        return [(NODE, node)]
    source, kernel, bias = (as_bytes(what).decode() for one, what in parts if one == INPUT)
    settings = [list(read(what)) for one, what in parts if one == ATTRIBUTE]
    pads = [[int(n) for one, n in fields if one == INTS] for fields in settings if (ATTRIBUTE_NAME, b"pads") in fields]
    top, left, bottom, right = pads[0] if pads else (0, 0, 0, 0)
    missing = -fold.width % fold.times * fold.step
    return list(_layer(name, source, tensors[kernel], tensors[bias], fold, [top, left, bottom, right + missing]))


def _layer(
    name: str, source: str, kernel: NDArray[np.float32], bias: NDArray[np.float32], fold: Fold, pads: list[int]
) -> Iterator[Field]:
    wide = _wider(kernel, fold)
    columns, filters = -(-fold.width // fold.times), kernel.shape[0]
    yield _constant(f"{name}/kernel", wide)
    yield _constant(f"{name}/bias", np.repeat(bias, fold.times))
    yield _constant(f"{name}/apart", np.array([0, filters, fold.times, fold.rows, columns]))
    yield _constant(f"{name}/whole", np.array([0, filters, fold.rows, columns * fold.times]))
    settings = {"kernel_shape": [*wide.shape[2:]], "strides": [1, fold.step * fold.times], "pads": pads}
    yield _made("Conv", [source, f"{name}/kernel", f"{name}/bias"], f"{name}/folded", **settings)
    yield _made("Reshape", [f"{name}/folded", f"{name}/apart"], f"{name}/parts")
    yield _made("Transpose", [f"{name}/parts"], f"{name}/turned", perm=[0, 1, 3, 4, 2])
    if columns * fold.times == fold.width:
        yield _made("Reshape", [f"{name}/turned", f"{name}/whole"], name)
        return
    yield _made("Reshape", [f"{name}/turned", f"{name}/whole"], f"{name}/long")
    for ending, number in (("first", 0), ("end", fold.width), ("axis", 3)):
        yield _constant(f"{name}/{ending}", np.array([number]))
    yield _made("Slice", [f"{name}/long", f"{name}/first", f"{name}/end", f"{name}/axis"], name)


def _wider(kernel: NDArray[np.float32], fold: Fold) -> NDArray[np.float32]:
    """(filters, channels, rows, columns) -> (filters * times, ...), each filter at `times` places side by side."""
    filters, channels, rows, columns = kernel.shape
    wide = np.zeros((filters, fold.times, channels, rows, columns + fold.step * (fold.times - 1)), np.float32)
    for turn in range(fold.times):
        wide[:, turn, ..., turn * fold.step : turn * fold.step + columns] = kernel
    return wide.reshape(filters * fold.times, channels, rows, -1)


def _made(kind: str, inputs: list[str], output: str, **settings: list[int]) -> Field:
    fields: list[Field] = [(INPUT, one.encode()) for one in inputs]
    fields += [(OUTPUT, output.encode()), (NAME, output.encode()), (KIND, kind.encode())]
    for name, numbers in settings.items():
        setting: list[Field] = [(ATTRIBUTE_NAME, name.encode()), *((INTS, one) for one in numbers)]
        fields.append((ATTRIBUTE, written([*setting, (ATTRIBUTE_TYPE, TYPE_INTS)])))
    return NODE, written(fields)


def _constant(name: str, values: "NDArray[np.float32] | NDArray[np.int64]") -> Field:
    kind = FLOAT if values.dtype == np.float32 else INT64
    shape: list[Field] = [(DIMS, one) for one in values.shape]
    return INITIALIZER, written([*shape, (TYPE, kind), (TENSOR_NAME, name.encode()), (RAW, values.tobytes())])


def _tensor(tensor: Value) -> tuple[str, NDArray[np.float32]]:
    """Its name, and its numbers if they are floats, else none."""
    parts = list(read(tensor))
    known = dict(parts)
    shape = [int(what) for one, what in parts if one == DIMS]
    values = np.frombuffer(as_bytes(known[RAW]), "<f4").reshape(shape) if known[TYPE] == FLOAT else np.zeros(0, "<f4")
    return _name(tensor).decode(), values


def _name(tensor: Value) -> bytes:
    return next(as_bytes(what) for one, what in read(tensor) if one == TENSOR_NAME)
