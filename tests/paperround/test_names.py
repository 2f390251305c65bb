"""Names come out given name first, in plain Unicode, with what is known of their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.names import author_list, given_first, plain_name
from paperround.records import AuthorRecord


def test_tex_accents_become_letters() -> None:
    """Names are shown as their owners write them."""
    assert plain_name(r"Ad\`a  L\"ovel{\aa}ce") == "Adà Lövelåce"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Lovelace, Ada", "Ada Lovelace"),
        ("Ada Lovelace", "Ada Lovelace"),
        ("van Turing, Jr., Alan", "Alan van Turing Jr."),
        (", Ada", "Ada"),
        ("", ""),
    ],
)
def test_names_are_shown_given_name_first(written: str, shown: str) -> None:
    """A comma turns a name round; a suffix stays at its end."""
    assert given_first(written) == shown


@pytest.mark.parametrize(
    "line",
    [
        "Ada Lovelace, Grace Hopper, Alan Turing",
        "Ada Lovelace, Grace Hopper and Alan Turing",
        "Ada Lovelace; Grace Hopper; Alan Turing,",
    ],
)
def test_authors_are_split_at_commas_and_ands(line: str) -> None:
    """However the line joins them."""
    names = [author.name for author in author_list(line)]

    assert names == ["Ada Lovelace", "Grace Hopper", "Alan Turing"]


def test_a_place_in_brackets_belongs_to_its_author() -> None:
    """Commas inside brackets do not split; semicolons there do."""
    authors = author_list("Ada (Analytical Society, London; Home), Grace")

    assert authors == (
        AuthorRecord("Ada", ("Analytical Society, London", "Home")),
        AuthorRecord("Grace"),
    )


def test_numbers_in_brackets_point_to_the_list_at_the_end() -> None:
    """The numbered form of arXiv gives every author their places."""
    authors = author_list("Ada (1), Grace (1 and 2), Alan ((1) Here, Town, (2) There)")

    assert [author.affiliations for author in authors] == [
        ("Here, Town",),
        ("Here, Town", "There"),
        (),
    ]


@given(line=st.text(alphabet="Ada,;: ()1and{}\\'\"", max_size=200))
def test_any_line_gives_authors_with_names(line: str) -> None:
    """Unbalanced brackets and stray marks never break a feed."""
    assert all(author.name for author in author_list(line))
