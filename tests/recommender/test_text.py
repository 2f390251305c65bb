"""The text of a paper, its hash and its sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text import (
    MAX_CHARS,
    normalised_title,
    paper_text,
    prose_text,
    sentences,
    text_hash,
)


def test_title_and_abstract_become_one_line() -> None:
    """White space of any kind is folded and a full stop parts the two."""
    text = paper_text("Polar\n codes", "We  decode\tthem.\x00 Fast.")

    assert text == "Polar codes. We decode them. Fast."


def test_a_title_that_ends_a_sentence_gets_no_second_stop() -> None:
    """A question stays a question."""
    assert paper_text("Are codes polar?", "Yes.") == "Are codes polar? Yes."


def test_a_paper_without_abstract_is_its_title() -> None:
    """Nothing trails the title."""
    assert paper_text("Polar codes", "") == "Polar codes."


def test_latex_stays_as_the_author_wrote_it() -> None:
    """Stripping would change every stored vector whenever the stripping changes."""
    assert paper_text("On $k$-means", "") == "On $k$-means."


def test_a_megabyte_of_text_is_cut() -> None:
    """No model reads more than the beginning."""
    assert len(paper_text("a", "b " * 500_000)) == MAX_CHARS


def test_a_hash_is_known_and_hexadecimal() -> None:
    """It is SHA-256 of the UTF-8 bytes."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert text_hash("abc") == expected


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_has_a_hash(text: str) -> None:
    """Lone surrogates from broken sources do not raise."""
    assert len(text_hash(text)) == 64


def test_twins_have_one_normalised_title() -> None:
    """Case, punctuation and spacing do not count."""
    assert normalised_title("Polar  Codes: a Study") == normalised_title("polar codes, A study.")


def test_prose_and_keywords_become_one_text() -> None:
    """The sentence comes first."""
    assert prose_text("Decoding of codes.", ("polar", "LDPC")) == "Decoding of codes. polar, LDPC"


def test_keywords_alone_are_a_text() -> None:
    """No stray punctuation stands for the missing sentence."""
    assert prose_text("", ("polar codes",)) == "polar codes"


def test_sentences_end_at_stops_before_capitals() -> None:
    """Question and exclamation marks end sentences too."""
    assert sentences("We ask why. Is it so? It is! Done.") == [
        "We ask why.",
        "Is it so?",
        "It is!",
        "Done.",
    ]


@pytest.mark.parametrize(
    "abstract",
    [
        "Codes, e.g. Polar ones, are used.",
        "We follow Lovelace et al. Their result holds.",
        "As Fig. 3 shows, it works.",
        "The rate is 0.5 Gbit and grows.",
        "By Eq. (4) and Sec. II it follows.",
        "J. Lovelace wrote it, i.e. Ada.",
        "Methods (cf. Hopper) differ vs. Turing.",
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(abstract: str) -> None:
    """What only looks like an end leaves the sentence whole."""
    assert sentences(abstract) == [abstract]


def test_a_formula_may_begin_a_sentence() -> None:
    """A dollar sign after a full stop starts one."""
    assert sentences("Let it be. $X$ is a set.") == ["Let it be.", "$X$ is a set."]


@given(st.text(max_size=300))
def test_sentences_lose_nothing_but_space(abstract: str) -> None:
    """Joined again they are the folded abstract."""
    folded = paper_text("", abstract)

    assert "".join("".join(sentences(abstract)).split()) == "".join(folded.split())
