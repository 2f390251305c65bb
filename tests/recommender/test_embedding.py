"""Embedders: the contract that the real one and its stand-in share, and loading."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender.embedding import (
    DEFAULT_MODEL,
    Embedder,
    batches,
    check_packaged_model,
    embed_in_batches,
    load_embedder,
    packaged_model_path,
    verify_weights,
)
from recommender.errors import ModelHashError, ModelMissingError
from recommender.testing import HashingEmbedder

CAT = "A cat sat on the mat, and the cat slept."
KITTEN = "A kitten and a cat slept on the mat."
TENSOR = "Tensor decompositions of quantum channels."


@pytest.fixture(
    scope="module",
    params=["hashing", pytest.param("model", marks=[pytest.mark.model, pytest.mark.slow])],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each of the embedders in turn."""
    return HashingEmbedder() if request.param == "hashing" else load_embedder()


def test_vectors_are_unit_rows_of_float32(embedder: Embedder) -> None:
    """One row per text, whatever the text."""
    rows = embedder.embed([CAT, "", "\ud800 $\\alpha$ 🙂", "x" * 50_000])

    assert rows.dtype == np.float32
    assert rows.shape == (4, embedder.dim)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)


def test_no_texts_are_no_rows(embedder: Embedder) -> None:
    """The width is kept."""
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    """Whatever it is embedded with, up to rounding."""
    alone, among = embedder.embed([CAT])[0], embedder.embed([TENSOR, CAT])[1]

    np.testing.assert_allclose(alone, among, atol=1e-5)


def test_texts_of_one_subject_are_nearer(embedder: Embedder) -> None:
    """That is what vectors are for."""
    cat, kitten, tensor = embedder.embed([CAT, KITTEN, TENSOR])

    assert cat @ kitten > cat @ tensor + 0.2


def test_an_embedder_has_a_name(embedder: Embedder) -> None:
    """Vectors are kept under it."""
    assert embedder.name


def test_the_stand_in_is_the_same_in_every_process() -> None:
    """It does not depend on Python's own hash."""
    code = (
        "from recommender.testing import HashingEmbedder;"
        "print(HashingEmbedder().embed(['polar codes'])[0, :4].tolist())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == str(HashingEmbedder().embed(["polar codes"])[0, :4].tolist())


def test_batches_hold_every_text_once_longest_first() -> None:
    """Texts of similar length go together."""
    texts = ["a", "bbb", "cc", "dddd", ""]

    assert [batch.tolist() for batch in batches(texts, 2)] == [[3, 1], [2, 0], [4]]


def test_batches_come_with_their_indices() -> None:
    """The caller can keep each batch before the next is computed."""
    texts = [CAT, TENSOR, KITTEN]
    embedder = HashingEmbedder()

    found = {
        int(i): row
        for chosen, rows in embed_in_batches(embedder, texts, size=2)
        for i, row in zip(chosen, rows, strict=True)
    }

    np.testing.assert_array_equal(np.stack([found[i] for i in range(3)]), embedder.embed(texts))


def test_the_packaged_weights_are_the_ones_we_trust() -> None:
    """Their SHA-256 is the constant."""
    assert check_packaged_model() == packaged_model_path()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """The error names the file and both hashes."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"other")

    with pytest.raises(ModelHashError, match=r"model\.safetensors") as caught:
        verify_weights(weights, "0" * 64)

    assert (caught.value.expected, caught.value.actual[:6]) == ("0" * 64, "d9298a")


def test_missing_weights_are_a_missing_model(tmp_path: Path) -> None:
    """One line, and what to do."""
    with pytest.raises(ModelMissingError, match="No such file"):
        verify_weights(tmp_path / "model.safetensors", "0" * 64)


def test_an_empty_name_is_a_missing_model() -> None:
    """Found out before anything is imported."""
    with pytest.raises(ModelMissingError, match="empty"):
        load_embedder(" ")


@pytest.mark.model
@pytest.mark.slow
def test_a_folder_without_a_model_is_a_missing_model(tmp_path: Path) -> None:
    """The library's own errors are translated into one line."""
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(ModelMissingError) as caught:
        load_embedder(str(tmp_path))

    assert "\n" not in str(caught.value)


@pytest.mark.model
@pytest.mark.slow
def test_a_name_that_no_model_can_have_is_a_missing_model() -> None:
    """Nothing is asked of the network for it."""
    with pytest.raises(ModelMissingError, match="no model!"):
        load_embedder("no model!")


@pytest.mark.model
@pytest.mark.slow
def test_the_packaged_model_has_384_dimensions() -> None:
    """And goes by the default name."""
    embedder = load_embedder(threads=2)

    assert (embedder.name, embedder.dim) == (DEFAULT_MODEL, 384)


def test_importing_the_package_loads_no_heavy_library() -> None:
    """Neither torch nor scipy nor numpy, until something is used."""
    code = (
        "import sys, recommender, recommender.errors;"
        "print(sorted({'torch', 'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == "[]"


def test_ranking_and_explaining_never_import_torch() -> None:
    """Only an embedder does, when it is loaded."""
    code = (
        "import sys, recommender; [getattr(recommender, name) for name in recommender.__all__];"
        "print('torch' in sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert printed.stdout.strip() == "False"
