"""Finding words, names and categories."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.phrases import fold_name, fold_text, has_author, has_category, has_phrase


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("survey", "A Survey of codes", True),
        ("survey", "Surveying codes", False),
        ("LLM", "we train an llm.", True),
        ("LLM", "we train LLMs", False),
        ("text-to-speech", "Text to  speech", True),
        ("text to speech", "text‑to‑speech", True),
        ("C++", "in C++, mostly", True),
        ("naive", "Naïve Bayes", True),
        ("a.b", "axb", False),
        ("", "anything", False),
        (" - ", "anything - else", False),
    ],
)
def test_phrases_are_whole_words(phrase: str, text: str, found: bool) -> None:
    """Case, accents, blanks and hyphens do not count; parts of words do not match."""
    assert has_phrase([fold_text(text)], phrase)[0] == found


def test_a_plural_matches_on_request() -> None:
    """Keywords match their plurals, mutes only what was typed."""
    assert has_phrase(["polar codes and boxes"], "polar code", plural=True)[0]
    assert has_phrase(["polar codes and boxes"], "box", plural=True)[0]


@pytest.mark.parametrize("phrase", ["polar code", "c++", "–gan", "x-ray", "a", "code's"])
@given(texts=st.lists(st.text(alphabet="aceg +-–'lopr\nsxy", max_size=40), max_size=6))
def test_finding_the_longest_word_first_changes_nothing(phrase: str, texts: list[str]) -> None:
    """A text has a phrase where a word begins, the phrase follows and no word goes on."""
    folded = [fold_text(f"{text} {phrase}{text}") for text in texts]
    plain = re.compile(
        r"(?<!\w)" + r"[\s\-–]+".join(map(re.escape, re.split(r"[\s\-–]+", phrase))) + r"(?!\w)"
    )

    found = has_phrase(folded, phrase)

    assert found.tolist() == [plain.search(text) is not None for text in folded]


@pytest.mark.parametrize("name", ["Ada Lovelace", "ADA  LOVELACE", "Lovelace, Ada", "Adá Lovelace"])
def test_one_name_in_many_spellings(name: str) -> None:
    """Case, accents and the order of names do not count."""
    assert fold_name(name) == "ada lovelace"


def test_authors_match_by_full_name() -> None:
    """A shared family name is not enough."""
    papers = [frozenset({"ada lovelace"}), frozenset({"grace lovelace"}), frozenset[str]()]

    assert has_author(papers, ["Lovelace, Ada", ""]).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["cs.CL"], True),
        (["CS.cl"], True),
        (["cs"], True),
        (["cs.*"], True),
        (["c"], False),
        (["cs.C"], False),
        (["math"], False),
        ([""], False),
        ([], False),
    ],
)
def test_categories_match_whole_or_by_archive(wanted: list[str], found: bool) -> None:
    """Cross-lists count like the primary category."""
    assert has_category(["eess.AS", "cs.CL"], wanted) == found
