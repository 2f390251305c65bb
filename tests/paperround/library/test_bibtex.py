"""Bibliographies of many programs give their papers; what is broken in them is told."""

import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.errors import LibraryError
from paperround.library import Library, read_library
from paperround.records import LibraryItem
from tests.paperround.shared_data import SHARED_DATA, needs_data

LIBRARIES = SHARED_DATA / "libraries/library-exports"


def entry(*fields: str, key: str = "ada2026") -> str:
    """Return one entry of the given fields."""
    return f"@article{{{key},\n  " + ",\n  ".join(fields) + "\n}\n"


def only_item(*fields: str) -> LibraryItem:
    """Return what one entry of the given fields is read as."""
    [item] = read_library(entry(*fields)).items
    return item


def read_if_possible(source: Path | str) -> Library:
    """Return what a library is read as; an empty one when it is refused."""
    try:
        return read_library(source)
    except LibraryError:
        return Library((), (), "bibtex")


def test_an_entry_gives_all_that_a_profile_can_use() -> None:
    """Title and abstract as plain text, names given first, identifiers bare."""
    text = entry(
        r"title = {On {LaTeX} and \'{E}tudes}",
        r"author = {Lovelace, Ada and Grace H{\"o}pper and {The Society, Inc.} and others}",
        "year = {2026}",
        "eprint = {2605.00022v2}",
        "archiveprefix = {arXiv}",
        "doi = {https://doi.org/10.1000/ABC}",
        r"abstract = {We weave 50\% more.}",
    )

    assert read_library(text) == Library(
        (
            LibraryItem(
                title="On LaTeX and Études",
                arxiv_id="2605.00022",
                doi="10.1000/abc",
                authors=("Ada Lovelace", "Grace Höpper", "The Society, Inc."),
                abstract="We weave 50% more.",
                year=2026,
                key="ada2026",
            ),
        ),
        (),
        "bibtex",
    )


@pytest.mark.parametrize(
    "field",
    [
        "eprint = {2605.00022}",
        "eprint = {2605.00022}, eprinttype = {arxiv}, eprintclass = {cs.CL}",
        "eprint = {arXiv:2605.00022v3}, archivePrefix = {arXiv}",
        "Eprint = {2605.00022}",
        "arxivId = {2605.00022}",
        "doi = {10.48550/arXiv.2605.00022}",
        "url = {https://arxiv.org/abs/2605.00022}",
        r"url = {http\\://arxiv.org/pdf/2605.00022v1.pdf}",
        r"howpublished = {\url{https://arxiv.org/abs/2605.00022}}",
        "journal = {arXiv preprint arXiv:2605.00022}",
        "journal = {CoRR}, volume = {abs/2605.00022}",
        "note = {arXiv: 2605.00022}",
        "note = {arXiv:2605.00022 [cs.CL]}",
        "archive = {arXiv:2605.00022}",
    ],
)
def test_the_arxiv_id_is_found_wherever_programs_put_it(field: str) -> None:
    """Each is the habit of some reference manager."""
    assert only_item("title = {T}", field).arxiv_id == "2605.00022"


@pytest.mark.parametrize(
    "field",
    [
        "eprint = {2605.00022}, eprinttype = {jstor}",
        "note = {Comment: extends arXiv:2605.00022}",
        "abstract = {We extend arXiv:2605.00022.}",
        "pages = {2605.00022}",
        "volume = {2605.00022}",
    ],
)
def test_the_id_of_another_paper_is_not_taken(field: str) -> None:
    """A wrong paper among the liked ones is worse than one paper fewer."""
    assert only_item("title = {T}", field).arxiv_id is None


def test_the_doi_of_a_preprint_is_no_doi_of_a_publication() -> None:
    """It is the arXiv id."""
    item = only_item("title = {T}", "doi = {10.48550/arXiv.2605.00022}")

    assert (item.arxiv_id, item.doi) == ("2605.00022", None)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Lovelace, Ada AND Hopper, Grace", ("Ada Lovelace", "Grace Hopper")),
        ("Lovelace, Ada\n  and\n  Hopper, Grace", ("Ada Lovelace", "Grace Hopper")),
        ("{Barnes and Noble}", ("Barnes and Noble",)),
        ("family=Lovelace, given=Ada, prefix=van", ("Ada van Lovelace",)),
        ("", ()),
    ],
)
def test_names_of_authors_are_split_and_turned_round(author: str, names: tuple[str, ...]) -> None:
    """Braces keep an institution together."""
    assert only_item("title = {T}", f'author = "{author}"').authors == names


def test_strings_are_put_in_and_joined() -> None:
    """A bibliography may abbreviate."""
    text = '@string{t = "On engines"}\n@book{a, title = t # " and looms", year = 1843}\n'

    [item] = read_library(text).items

    assert (item.title, item.year) == ("On engines and looms", 1843)


def test_comments_preambles_and_text_between_entries_are_no_entries() -> None:
    """Programs keep their settings there."""
    text = '@comment{x}\n@preamble{"y"}\nSome words.\n% more\n' + entry("title = {T}")

    assert read_library(text) == Library((LibraryItem("T", key="ada2026"),), (), "bibtex")


def test_repeated_keys_and_fields_cost_nothing() -> None:
    """Both entries stay; of a field said twice the first word counts."""
    text = entry("title = {One}", "title = {Two}") + entry("title = {Three}")

    library = read_library(text)

    assert [item.title for item in library.items] == ["One", "Three"]
    assert library.problems == ()


def test_an_unclosed_entry_is_read_as_far_as_possible_and_told() -> None:
    """It costs neither itself nor its neighbours."""
    broken = "@article{broken,\n  title = {Half {a title},\n  eprint = {2605.00023},\n"

    library = read_library(entry("title = {One}") + broken + entry("title = {Two}", key="b"))

    assert {item.title for item in library.items} >= {"One", "Two"}
    assert "2605.00023" in {item.arxiv_id for item in library.items}
    assert len(library.problems) == 1
    assert library.problems[0].startswith("line 4: ")


def test_an_entry_without_title_and_identifier_is_told_and_left_out() -> None:
    """There is nothing to find it by."""
    library = read_library(entry("title = {One}") + entry("year = {1843}", key="empty"))

    assert [item.title for item in library.items] == ["One"]
    assert library.problems == ("line 4: 'empty' has no title and no identifier",)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("latin-1"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
    ],
)
def test_the_encoding_of_a_file_is_found_out(
    tmp_path: Path, encode: Callable[[str], bytes]
) -> None:
    """UTF-8 with or without mark, UTF-16, and the old ones of Western Europe."""
    path = tmp_path / "library.bib"
    path.write_bytes(encode(entry("title = {Études}")))

    assert read_library(path).items[0].title == "Études"


def test_bytes_of_no_encoding_are_read_all_the_same(tmp_path: Path) -> None:
    """Latin-1 gives every byte a letter; one odd byte does not cost the library."""
    path = tmp_path / "library.bib"
    path.write_bytes(entry("title = {On engines}").encode() + b"% \x81\xe9")

    assert read_library(path).items[0].title == "On engines"


def test_a_bibliography_without_papers_is_an_error() -> None:
    """An import that brings nothing must not look like a success."""
    with pytest.raises(LibraryError, match="no entry that can be read"):
        read_library('@string{a = "b"}')


braces = st.text(alphabet=string.ascii_letters + "{}@,=\"\\#\n %()'", max_size=200)


@given(noise=braces, place=st.integers(0, 300))
def test_noise_anywhere_never_breaks_the_reader(noise: str, place: int) -> None:
    """A mutated bibliography is read or refused, and every item names a paper."""
    text = entry("title = {One}", "eprint = {2605.00022}") + entry("title = {Two}", key="b")

    library = read_if_possible(text[:place] + noise + text[place:])

    assert all(item.title or item.arxiv_id or item.doi for item in library.items)


@pytest.mark.parametrize("flood", ["@a{", "{", "}", "\n", '"', "a = ", "\n@a{b, c = {"])
def test_a_flood_of_grammar_is_read_in_reasonable_time(flood: str) -> None:
    """Nothing in a library of 10,000 half entries takes longer than reading them."""
    library = read_library(entry("title = {One}") + flood * 10_000)

    assert library.items[0].title == "One"


@needs_data("libraries/library-exports/real-libraries")
@pytest.mark.parametrize(
    ("name", "entries", "with_arxiv_id"),
    [
        ("betterbibtex_rl_202", 202, 173),
        ("bibtex_astro_524", 524, 151),
        ("bibtex_nlp_custom", 106, 18),
        ("bibtex_orig_publications", 111, 37),
    ],
)
def test_a_real_library_is_read_whole(name: str, entries: int, with_arxiv_id: int) -> None:
    """Every entry, without a problem."""
    library = read_library(LIBRARIES / f"real-libraries/{name}.bib")
    ids = [item.arxiv_id for item in library.items if item.arxiv_id]

    assert (len(library.items), len(ids)) == (entries, with_arxiv_id)
    assert library.problems == ()
    assert all(item.title and item.year for item in library.items if item.arxiv_id)


BIBLIOGRAPHIES = sorted(
    path for path in LIBRARIES.glob("*/*") if path.suffix in {".bib", ".biblatex", ".bibtex"}
)


@needs_data("libraries/library-exports")
@pytest.mark.parametrize("path", BIBLIOGRAPHIES, ids=lambda path: path.stem[:60])
def test_a_test_library_of_another_program_is_read_or_refused(path: Path) -> None:
    """Edge cases of four programs: every item names a paper, every problem has its place."""
    library = read_if_possible(path)

    assert all(item.title or item.arxiv_id or item.doi for item in library.items)
    assert all(problem.startswith("line ") for problem in library.problems)
