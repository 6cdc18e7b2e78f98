"""The note model's layers are folded: it hears the same, in fewer sums that nobody needs."""

import numpy as np
import onnxruntime
import pytest

from studio import posterior, protobuf
from studio.folding import FOLDS, GRAPH, KIND, NODE, OUTPUT, folded
from studio.model import Wave
from studio.posterior import OUTPUTS, WINDOW
from tests.studio.songs import played


@pytest.fixture(scope="module")
def model() -> bytes:
    return posterior.model_path().read_bytes()


def answers(model: bytes, window: Wave) -> list[Wave]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return list(session.run(OUTPUTS, {session.get_inputs()[0].name: window[None, :, None]}))


def test_a_folded_model_hears_what_the_plain_one_hears(model: bytes) -> None:
    song = played(rate=posterior.RATE)
    window = np.atleast_2d(song).mean(axis=0)[posterior.RATE :][:WINDOW].astype(np.float32)
    plain = answers(model, window)
    assert np.max(plain[0]) > 0.5, "there is something to hear"
    for before, after in zip(plain, answers(folded(model), window), strict=True):
        np.testing.assert_allclose(after, before, atol=2e-6)


def test_every_fold_finds_its_layer(model: bytes) -> None:
    graph = next(what for one, what in protobuf.read(folded(model)) if one == GRAPH)
    nodes = [dict(protobuf.read(what)) for one, what in protobuf.read(graph) if one == NODE]
    made = [protobuf.as_bytes(node[OUTPUT]).decode() for node in nodes if node[KIND] == b"Conv"]
    assert sorted(ending for ending in FOLDS for name in made if name.endswith(f"{ending}/folded")) == sorted(FOLDS)


def test_a_model_without_such_layers_stays_as_it_is(model: bytes) -> None:
    twice = folded(folded(model))
    assert twice == folded(model)


def test_a_message_is_written_as_it_was_read(model: bytes) -> None:
    assert protobuf.written(protobuf.read(model)) == model
