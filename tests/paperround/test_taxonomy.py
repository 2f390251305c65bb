"""Categories are arXiv's, and a wrong one says what was probably meant."""

import gzip
import json
import re

import pytest

from paperround.errors import UnknownCategoryError
from paperround.taxonomy import CATEGORIES, categories_among, check_category
from tests.paperround.shared_data import SHARED_DATA, needs_data


def test_there_are_as_many_categories_as_arxiv_lists() -> None:
    """155 of today's taxonomy, and the undivided astro-ph and cond-mat of old."""
    assert len(CATEGORIES) == len(set(CATEGORIES)) == 157


@pytest.mark.parametrize("code", CATEGORIES)
def test_every_category_is_known_in_any_case(code: str) -> None:
    """Readers need not know how arXiv capitalises."""
    assert check_category(f" {code.upper()} ") == code


@pytest.mark.parametrize(
    ("code", "meant"),
    [("cs.LGG", "cs.LG"), ("cs-cl", "cs.CL"), ("hepth", "hep-th"), ("cs", "cs.AI")],
)
def test_a_wrong_category_names_the_nearest(code: str, meant: str) -> None:
    """The message helps to mend the setting."""
    with pytest.raises(UnknownCategoryError) as caught:
        check_category(code)

    assert meant in caught.value.nearest


@pytest.mark.parametrize("code", ["", "?", "x" * 10_000, "underwater basket weaving"])
def test_nonsense_has_no_nearest_category(code: str) -> None:
    """Nothing is suggested where nothing is near, and the message stays short."""
    with pytest.raises(UnknownCategoryError) as caught:
        check_category(code)

    assert caught.value.nearest == ()
    assert len(str(caught.value)) < 100


def test_subject_classes_of_other_bodies_are_no_categories() -> None:
    """MSC and ACM classes come under the same name and are dropped; joined codes are split."""
    terms = ["cs.CL", "I.2.7", "68T50", "stat.ML, cs.CL", "cmp-lg", "cs"]

    assert categories_among(terms) == ("cs.CL", "stat.ML", "cmp-lg")


@needs_data("arxiv/background_40k.jsonl.gz")
def test_every_category_of_forty_thousand_papers_is_known() -> None:
    """The list misses none that arXiv has used in 35 years."""
    with gzip.open(SHARED_DATA / "arxiv/background_40k.jsonl.gz", "rt", encoding="utf-8") as lines:
        terms = {term for line in lines for term in terms_of(json.loads(line)["categories"])}
    used = {term for term in terms if re.fullmatch(r"[a-z]+(-[a-z]+)?(\.[A-Za-z-]+)?", term)}

    assert len(used) > 170
    assert set(categories_among(terms)) == used


def terms_of(categories: str | list[str]) -> list[str]:
    """Return the subject terms of a paper, which the file gives as a line or as a list."""
    return categories.split() if isinstance(categories, str) else categories
