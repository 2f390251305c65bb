"""Interests that hold several: finds the clear clusters of what a reader likes, and splits them.

Proposes first; changes something only when told to, and then moves everything and deletes nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from paperround.context import App
from paperround.folding import fold
from paperround.services.day import load_day, papers_of
from paperround.services.profiles import Profile, read_profile
from paperround.store.models import Interest
from paperround.store.papers import StoredPaper, latest_announcement
from paperround.store.readers import add_interest, interest_named, interests_of, reader_at
from paperround.store.splits import move_named, move_ratings
from recommender.clusters import Clusters, cluster_words, find_clusters
from recommender.lexical import Lexicon
from recommender.papers import PaperFacts, Papers
from recommender.text import paper_text
from recommender.vectors import Matrix, unit_rows, unpack

__all__ = ["Part", "Split", "apply_split", "suggest_splits"]

Rows = NDArray[np.int64]

MAX_NAME = 80
NAME_WORDS = 2
"""Terms of a label that make a new interest's name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the interests that an interest would become."""

    name: str
    words: tuple[str, ...]
    """What sets its papers apart, weightiest first."""
    quota: int
    liked: tuple[StoredPaper, ...]
    """Those nearest to what they have in common first."""
    disliked: tuple[StoredPaper, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What an interest could be split into."""

    interest: Interest
    clearness: float
    """Mean silhouette of the clusters, see `recommender.clusters`."""
    parts: tuple[Part, ...]
    """The first keeps the interest's name, sentence and keywords, and its history."""


def suggest_splits(app: App, address: str, *, interest: str | None = None) -> list[Split]:
    """Return the interests of a reader that hold several clear ones, with what these are.

    Args:
        app: The application.
        address: The reader's.
        interest: Look at this one only.

    Raises:
        UnknownReaderError: No reader has this address.
        UnknownInterestError: The reader has no such interest.
    """
    with app.database.read() as session:
        reader = reader_at(session, address)
        assert reader.id is not None
        profile = read_profile(session, app.settings.model, reader.id)
        if interest is not None:
            interest_named(session, reader.id, interest)
        latest = latest_announcement(session)
    day = load_day(app, latest or app.clock().date())
    texts = [paper_text(p.title, p.abstract) for p in (*day.papers, *profile.papers.values())]
    finder = _Finder(profile, Lexicon().fit(texts), day.whitening.mean)
    asked = [row for row in profile.interests if interest in (None, row.name)]
    return [split for row in asked for split in finder.splits_of(row)]


def apply_split(app: App, address: str, split: Split) -> None:
    """Split an interest: every paper and rating goes to its part, mutes and follows to all.

    Raises:
        UnknownReaderError: No reader has this address.
        UnknownInterestError: The interest is gone since the split was proposed.
    """
    now = app.clock()
    with app.database.write() as session:
        reader = reader_at(session, address)
        assert reader.id is not None
        row = interest_named(session, reader.id, split.interest.name)
        only = len(interests_of(session, reader.id)) == 1
        assert row.id is not None
        for place, part in enumerate(split.parts):
            keys = [paper.key for paper in (*part.liked, *part.disliked)]
            if place == 0:
                row.quota, to_id = part.quota, row.id
            else:
                born = add_interest(session, _born(row, part, now))
                assert born.id is not None
                to_id = born.id
                move_named(session, row.id, to_id, keys)
            move_ratings(session, row.id, to_id, keys, reader_id=reader.id, unassigned=only)


def _born(row: Interest, part: Part, now: datetime) -> Interest:
    """Return a new interest with the settings, mutes and follows of the one it comes from."""
    kept = row.model_dump(exclude={"id", "name", "prose", "prose_hash", "keywords"})
    own = {"name": part.name, "prose": "", "keywords": [], "quota": part.quota, "added_at": now}
    return Interest(**kept | own)


class _Finder:
    """Everything that the interests of one reader share."""

    def __init__(self, profile: Profile, lexicon: Lexicon, mean: Matrix) -> None:
        self._profile, self._lexicon, self._mean = profile, lexicon, mean
        self._names = {fold(row.name).casefold() for row in profile.interests}

    def splits_of(self, row: Interest) -> list[Split]:
        """Return the split of an interest; none when it is one."""
        verdicts = self._verdicts(row)
        liked, disliked = (
            [k for k, v in verdicts.items() if v is value] for value in (True, False)
        )
        papers = self._papers(liked)
        found = find_clusters(papers.vectors, self._mean)
        if len(found) < 2:
            return []
        home = self._home(row, papers, found)
        # The part that keeps the name comes first, then the largest.
        order = [home, *(n for n in range(len(found)) if n != home)]
        of = np.where(found.of < 0, home, found.of)
        facts = [_facts(self._profile.papers[key]) for key in liked]
        words = cluster_words(papers, of, facts, self._lexicon)
        centres = self._centres(papers, found)
        strays = self._nearest(self._papers(disliked), centres, home)
        parts = [
            Part(
                name=row.name,
                words=words[number],
                quota=max(1, math.ceil(row.quota * int((of == number).sum()) / len(of))),
                liked=self._central(papers, np.flatnonzero(of == number), centres[number]),
                disliked=self._stored(disliked, np.flatnonzero(strays == number)),
            )
            for number in order
        ]
        return [Split(row, found.clearness, (parts[0], *map(self._named, parts[1:])))]

    def _verdicts(self, row: Interest) -> dict[int, bool]:
        """Return what the reader thinks of the papers that are this interest's alone."""
        # A rating without an interest teaches all of them; it is this one's where that is the same.
        own = {row.id, None} if len(self._profile.interests) == 1 else {row.id}
        named = {i.paper_id: i.liked for i in self._profile.named if i.interest_id == row.id}
        rated = {r.paper_id: r.value > 0 for r in self._profile.ratings if r.interest_id in own}
        return named | rated

    def _papers(self, keys: Sequence[int]) -> Papers:
        stored = [self._profile.papers[key] for key in keys]
        return papers_of(stored, self._lexicon, len(self._mean))

    def _home(self, row: Interest, papers: Papers, found: Clusters) -> int:
        """Return the cluster nearest to the interest's own name and words, else the largest."""
        said = " ".join([row.name, row.prose, *row.keywords])
        query = self._lexicon.transform([said])
        rows = [papers.words[np.flatnonzero(found.of == n)] for n in range(len(found))]
        near = np.array([float((words @ query.T).sum()) / words.shape[0] for words in rows])
        blob = self._profile.prose_vectors.get(row.prose_hash or "")
        if blob is not None:
            near = near + self._centres(papers, found) @ unpack(blob)
        return int(np.argmax(near))

    def _centres(self, papers: Papers, found: Clusters) -> Matrix:
        """Return the direction of every cluster from the stream's mean (n_clusters, dim)."""
        means = [papers.vectors[found.of == n].mean(axis=0) for n in range(len(found))]
        return unit_rows(np.stack(means) - self._mean)

    def _nearest(self, papers: Papers, centres: Matrix, home: int) -> Rows:
        """Return the cluster that each paper (n,) is nearest to; home without a vector."""
        near = np.argmax((papers.solid - self._mean) @ centres.T, axis=1)
        return np.where(papers.known, near, home).astype(np.int64)

    def _central(self, papers: Papers, rows: Rows, centre: Matrix) -> tuple[StoredPaper, ...]:
        order = np.argsort(-(papers.solid[rows] @ centre), kind="stable")
        return self._stored(papers.keys.tolist(), rows[order])

    def _stored(self, keys: Sequence[int], rows: Rows) -> tuple[StoredPaper, ...]:
        return tuple(self._profile.papers[keys[row]] for row in rows.tolist())

    def _named(self, part: Part) -> Part:
        """Return a part under a name of its own words that no other interest has."""
        label = ", ".join(part.words[:NAME_WORDS])
        label = (label[:1].upper() + label[1:] or part.name)[: MAX_NAME - 4]
        name, number = label, 2
        while fold(name).casefold() in self._names:
            name, number = f"{label} {number}", number + 1
        self._names.add(fold(name).casefold())
        return replace(part, name=name)


def _facts(paper: StoredPaper) -> PaperFacts:
    return PaperFacts(paper.title, paper.abstract, paper.authors, paper.categories)
