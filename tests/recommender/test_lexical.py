"""Words, their weights and their rows."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import NotFittedError
from recommender.lexical import Lexicon, tokens

TEXTS = [
    "polar codes under list decoding",
    "list decoding of polar codes",
    "treebank parsing with grammar",
    "grammar and treebank parsing",
]
texts = st.lists(st.text(alphabet="ab cé$\\.", max_size=30), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The codes, and the decoders", ["codes", "decoders"]),
        ("Text-to-speech and k-means", ["text", "speech", "k-means"]),
        ("A 3D scene in 2026 at 5G", ["3d", "scene", "5g"]),
        ("On $k$-means and $\\mathbb{R}^d$ spaces", ["k-means", "spaces"]),
        ("Costs $5 million for \\emph{robots}, not $10", ["costs", "million", "robots"]),
        (r"Schr\"odinger and Poincar\'{e}", ["schrodinger", "poincare"]),
        ("Schrödinger naïve", ["schrodinger", "naive"]),
        ("see https://example.org/x_y?z=1 or www.example.org now", []),
        ("\\cite{lovelace1843}", ["lovelace1843"]),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """Function words, formulas, commands and addresses are no words."""
    assert tokens(text) == words


def test_terms_are_words_and_pairs_that_two_texts_share() -> None:
    """A term that one text alone has can match nothing."""
    lexicon = Lexicon().fit([*TEXTS, "quantum"])

    assert lexicon.terms_ == (
        "codes",
        "decoding",
        "grammar",
        "list",
        "parsing",
        "polar",
        "treebank",
        "list decoding",
        "polar codes",
        "treebank parsing",
    )


def test_rows_are_unit_rows() -> None:
    """Their products are cosines."""
    rows = Lexicon().fit(TEXTS).transform(TEXTS)

    np.testing.assert_allclose(rows.multiply(rows).sum(axis=1), 1.0, rtol=1e-6)
    assert rows.dtype == np.float32


@pytest.mark.parametrize("titles_only", [False, True])
def test_texts_that_share_words_are_near(titles_only: bool) -> None:
    """And those that share none are at a right angle."""
    rows = Lexicon(titles_only=titles_only).fit(TEXTS).transform(TEXTS)
    cosines = (rows @ rows.T).toarray()

    assert cosines[0, 1] > 0.9
    assert cosines[0, 2] == 0.0


def test_rare_terms_weigh_more() -> None:
    """That is what carries an interest."""
    lexicon = Lexicon().fit(["codes polar", "codes polar", "codes list", "codes list", "codes"])
    row = lexicon.transform(["codes polar"]).toarray()[0]

    assert row[lexicon.terms_.index("polar")] > 2 * row[lexicon.terms_.index("codes")]


def test_a_text_without_known_terms_is_an_empty_row() -> None:
    """Not an error, and no number that is none."""
    rows = Lexicon().fit(TEXTS).transform(["", "unheard of", "$$$"])

    assert rows.shape == (3, 10)
    assert rows.nnz == 0


@pytest.mark.parametrize("corpus", [[], [""], ["alone"]])
def test_a_lexicon_of_nothing_has_no_terms(corpus: list[str]) -> None:
    """It still transforms."""
    assert Lexicon().fit(corpus).transform(["polar codes"]).shape == (1, 0)


def test_an_unfitted_lexicon_says_so() -> None:
    """Instead of failing somewhere inside."""
    with pytest.raises(NotFittedError, match="Lexicon"):
        Lexicon().transform(["polar codes"])


@given(texts)
def test_columns_do_not_depend_on_the_order_of_texts(corpus: list[str]) -> None:
    """The same set of texts gives the same lexicon."""
    shuffled = sorted(corpus, key=lambda text: (len(text), text))

    one, other = Lexicon(min_df=1).fit(corpus), Lexicon(min_df=1).fit(shuffled)

    assert one.terms_ == other.terms_
    np.testing.assert_array_equal(one.idf_, other.idf_)


@given(texts)
def test_weights_are_positive_numbers(corpus: list[str]) -> None:
    """Whatever the text."""
    rows = Lexicon(min_df=1).fit(corpus).transform(corpus)

    assert np.isfinite(rows.data).all()
    assert (rows.data > 0).all()


def test_a_lexicon_can_be_kept() -> None:
    """Pickled and read back, it gives the same rows."""
    lexicon = Lexicon().fit(TEXTS)
    kept = pickle.loads(pickle.dumps(lexicon))

    assert (kept.transform(TEXTS) != lexicon.transform(TEXTS)).nnz == 0
