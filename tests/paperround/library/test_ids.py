"""Lists of ids are read in whatever shape people keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.errors import LibraryError
from paperround.library import read_library
from paperround.records import LibraryItem
from tests.paperround.shared_data import SHARED_DATA, needs_data

LISTS = SHARED_DATA / "libraries/id-lists"


@pytest.mark.parametrize(
    "text",
    [
        "2605.00022\nhep-th/9901001\n",
        "2605.00022, hep-th/9901001",
        "arXiv:2605.00022v2 hep-th/9901001v1",
        "# mine\n- 2605.00022\n- hep-th/9901001 # old\n",
        "https://arxiv.org/abs/2605.00022\r\nhttps://arxiv.org/pdf/hep-th/9901001.pdf",
        "I liked arXiv:2605.00022 and, before it, hep-th/9901001 very much.",
        "[2605.00022]\n[hep-th/9901001]",
        "\ufeff2605.00022;hep-th9901001;2605.00022",
    ],
)
def test_every_shape_of_a_list_gives_its_papers_once(text: str) -> None:
    """In their order, versions dropped."""
    library = read_library(text)

    assert [item.arxiv_id for item in library.items] == ["2605.00022", "hep-th/9901001"]
    assert (library.kind, library.problems) == ("ids", ())


@pytest.mark.parametrize(
    "line",
    [
        "[2605.00022] On engines and looms",
        "2605.00022 On engines and looms",
        "2605.00022: On engines and looms",
        "- [2605.00022] On engines and looms",
        "1. 2605.00022 | On engines and looms",
    ],
)
def test_a_line_led_by_an_id_goes_on_with_the_title(line: str) -> None:
    """The title serves where the paper itself is not known."""
    assert read_library(line).items == (
        LibraryItem("On engines and looms", arxiv_id="2605.00022", key="line 1"),
    )


def test_dois_are_papers_too_and_those_of_arxiv_are_ids() -> None:
    """A list may name papers that never were on arXiv."""
    library = read_library("10.1000/ABC\nhttps://doi.org/10.48550/arXiv.2605.00022\n")

    assert [(item.arxiv_id, item.doi) for item in library.items] == [
        (None, "10.1000/abc"),
        ("2605.00022", None),
    ]


def test_a_line_that_was_meant_as_an_id_is_told() -> None:
    """Prose is passed over, a mistyped number is not."""
    prose = "These are the papers that I have read on quiet evenings at the seaside this year."

    library = read_library(f"{prose}\n2605.00022\n2613.00001\n")

    assert library.problems == ("line 3: no arXiv id or DOI in '2613.00001'",)


def test_a_text_that_names_no_paper_is_an_error() -> None:
    """It says what was looked for."""
    with pytest.raises(LibraryError, match="looked for BibTeX entries, arXiv ids, DOIs"):
        read_library("Dear diary, nothing happened today.")


@given(text=st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    """And every item has an identifier."""
    try:
        items = read_library(f"2605.00022\n{text}").items
    except LibraryError:
        items = ()

    assert all(item.arxiv_id or item.doi or item.title for item in items)


@needs_data("libraries/id-lists")
@pytest.mark.parametrize(
    ("name", "papers", "problems"),
    [
        ("ids_bracketed_with_titles", 15, 0),
        ("ids_old_sample", 400, 0),
        ("ids_plain_mixed", 204, 3),
        ("ids_plain_new", 57, 0),
    ],
)
def test_a_real_list_is_read_whole(name: str, papers: int, problems: int) -> None:
    """Repeated ids are one paper; the three problems are ids with number 00000."""
    library = read_library(LISTS / f"{name}.txt")

    assert (len(library.items), len(library.problems)) == (papers, problems)
    assert all(item.arxiv_id for item in library.items)


@needs_data("libraries/id-lists")
def test_the_titles_of_a_real_list_are_kept() -> None:
    """Each line is an id in brackets and a title."""
    library = read_library(LISTS / "ids_bracketed_with_titles.txt")

    assert all(len(item.title) > 8 for item in library.items)
