from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.columns import wrap
from digest.wording import long_date, reason_text, short_date

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=90)


@pytest.mark.parametrize(
    ("liked", "shared", "followed", "said"),
    [
        ((), (), (), ""),
        (("A title",), (), (), "Because you liked “A title”."),
        (
            ("A title", "Another", "A third"),
            ("parsing", "treebank"),
            (),
            "Because you liked “A title” and “Another”; shared words: parsing, treebank.",
        ),
        ((), ("parsing",), (), "Shared words: parsing."),
        ((), (), ("Ada",), "By Ada, whom you follow."),
        (
            ("A title",),
            (),
            ("Ada", "Grace"),
            "By Ada and Grace, whom you follow; because you liked “A title”.",
        ),
        ((r"On $\alpha$",), (), (), "Because you liked “On α”."),
    ],
)
def test_reasons_are_one_sentence(
    liked: tuple[str, ...], shared: tuple[str, ...], followed: tuple[str, ...], said: str
) -> None:
    """Followed authors, then liked titles, then words; what is not known is not mentioned."""
    assert reason_text(liked=liked, words=shared, followed=followed) == said


def test_reasons_of_endless_titles_are_short() -> None:
    """A reason is a line or two, whatever the reader liked."""
    reason = reason_text(liked=["title " * 100_000] * 9, words=["word " * 1_000] * 99)

    assert len(reason) < 450


def test_days_are_written_in_english_for_every_weekday_and_month() -> None:
    """Dates do not follow the locale of the process."""
    days = [date(2026, month, month) for month in range(1, 13)]

    assert long_date(days[0]) == "Thursday, January 1, 2026"
    assert short_date(days[0]) == "Thu Jan 1"
    assert [long_date(day) for day in days] == [f"{day:%A, %B} {day.day}, 2026" for day in days]


@given(paragraph=st.lists(words, max_size=40).map(" ".join), indent=st.integers(0, 20))
def test_wrapping_keeps_every_word_in_its_order(paragraph: str, indent: int) -> None:
    """Lines hold the words and nothing else."""
    assert wrap(paragraph, indent).split() == paragraph.split()


def test_a_word_wider_than_a_line_has_a_line_of_its_own() -> None:
    """Addresses are not broken."""
    address = "https://example.org/" + "x" * 80

    assert wrap(f"See {address} there", 2) == f"See\n  {address}\n  there"
    assert wrap(address) == address


@given(paragraph=st.lists(words, min_size=1, max_size=40).map(" ".join), indent=st.integers(0, 20))
def test_only_a_line_of_one_word_is_wider_than_its_columns(paragraph: str, indent: int) -> None:
    """72 columns, with the indent; a longer word has a line of its own."""
    lines = (" " * indent + wrap(paragraph, indent)).split("\n")

    assert [line for line in lines if len(line) > 72 and len(line.split()) > 1] == []
