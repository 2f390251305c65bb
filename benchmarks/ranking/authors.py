"""Who is who among authors, as far as names can tell, and what is not known.

A person is a name, spelt the same to the letter. Two people of one name become one, which puts
papers of strangers into a profile; one person under two spellings becomes two, which shortens a
profile and costs relevant papers. Names of one word or with fewer than two words of two letters
(`Chen`, `J. Li`) are left out, and so are those with more papers than one person's limit, which is
where the commonest names are. `is_stranger` bounds what is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.ranking.corpora import Record

__all__ = ["by_author", "is_stranger", "is_telling", "last_name"]

MIN_WORDS = 2
MIN_LETTERS = 2


def is_telling(name: str) -> bool:
    """Tell whether a name has two words of two letters at least, abbreviations not counted."""
    words = [word for word in name.split() if not word.endswith(".")]
    return sum(sum(map(str.isalpha, word)) >= MIN_LETTERS for word in words) >= MIN_WORDS


def last_name(name: str) -> str:
    """Return the last word of a name, folded."""
    return name.split()[-1].casefold()


def by_author(records: Sequence[Record]) -> dict[str, list[int]]:
    """Return the numbers of every telling author's papers, in the order of the papers."""
    papers: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for name in dict.fromkeys(record.authors):
            if is_telling(name):
                papers[name].append(number)
    return dict(papers)


def is_stranger(name: str, earlier: Iterable[Record], later: Iterable[Record]) -> bool:
    """Tell whether no coauthor of an author's earlier papers is one of the later papers.

    That is where two people of one name would show; but who changes the group or writes alone looks
    the same, so the share of strangers is an upper bound of the mistakes.
    """
    before = {author for record in earlier for author in record.authors} - {name}
    after = {author for record in later for author in record.authors} - {name}
    return before.isdisjoint(after)
