"""What the store knows of a reader, now or at an earlier instant, as the recommender takes it.

Chooses and ranks nothing. Descriptions of interests have no history: an earlier profile has the
words of today, and of papers and ratings only those that were there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from paperround.services.day import DayPapers, papers_of
from paperround.store.embeddings import vectors_of
from paperround.store.engine import Session
from paperround.store.models import Interest as InterestRow
from paperround.store.models import InterestPaper, Rating
from paperround.store.papers import StoredPaper, papers_by_key
from paperround.store.ratings import ratings_of
from paperround.store.readers import interest_papers, interests_of
from recommender.interests import InterestModel
from recommender.papers import Interest, Mutes, Papers
from recommender.text import prose_text
from recommender.vectors import unpack

__all__ = ["Profile", "fitted_models", "read_profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A reader's interests with the papers that they named and rated."""

    interests: tuple[InterestRow, ...]
    """In the order they were added."""
    named: tuple[InterestPaper, ...]
    ratings: tuple[Rating, ...]
    papers: Mapping[int, StoredPaper]
    """Those named or rated, by key."""
    prose_vectors: Mapping[str, bytes]
    """Packed vectors of the interests' words, by text hash."""


def read_profile(
    session: Session, model: str, reader_id: int, *, before: datetime | None = None
) -> Profile:
    """Read a reader's profile, or what was there of it before an instant."""
    interests = [row for row in interests_of(session, reader_id) if _is_known(row.added_at, before)]
    numbers = [row.id for row in interests if row.id is not None]
    named = [item for item in interest_papers(session, numbers) if _is_known(item.added_at, before)]
    ratings = [item for item in ratings_of(session, reader_id) if _is_known(item.rated_at, before)]
    keys = {item.paper_id for item in named} | {item.paper_id for item in ratings}
    hashes = [row.prose_hash for row in interests if row.prose_hash]
    return Profile(
        interests=tuple(interests),
        named=tuple(named),
        ratings=tuple(ratings),
        papers=papers_by_key(session, keys, model=model),
        prose_vectors=vectors_of(session, model, hashes),
    )


def fitted_models(profile: Profile, day: DayPapers) -> list[InterestModel]:
    """Return a fitted model of every interest, in their order."""
    return [
        InterestModel().fit(_interest(row, profile, day), day.whitening)
        for row in profile.interests
    ]


def _is_known(at: datetime, before: datetime | None) -> bool:
    return before is None or at < before


def _interest(row: InterestRow, profile: Profile, day: DayPapers) -> Interest:
    verdicts = _verdicts(row, profile)
    words = prose_text(row.prose, row.keywords)
    blob = profile.prose_vectors.get(row.prose_hash or "")
    return Interest(
        name=row.name,
        liked=_papers(profile, verdicts, day, liked=True),
        disliked=_papers(profile, verdicts, day, liked=False),
        prose=row.prose,
        keywords=tuple(row.keywords),
        prose_vector=unpack(blob) if blob is not None else None,
        prose_words=day.lexicon.transform([words]) if words else None,
        followed_authors=tuple(row.followed_authors),
        mutes=Mutes(tuple(row.muted_words), tuple(row.muted_authors), tuple(row.muted_categories)),
        threshold=row.threshold,
        quota=row.quota,
        reader=row.reader_id,
    )


def _verdicts(row: InterestRow, profile: Profile) -> dict[int, bool]:
    """Return whether each paper is liked under an interest; a rating outweighs the description."""
    named = {item.paper_id: item.liked for item in profile.named if item.interest_id == row.id}
    rated = {
        rating.paper_id: rating.value > 0
        for rating in profile.ratings
        if rating.interest_id in (row.id, None)
    }
    return named | rated


def _papers(
    profile: Profile, verdicts: Mapping[int, bool], day: DayPapers, *, liked: bool
) -> Papers:
    chosen = [profile.papers[key] for key, verdict in verdicts.items() if verdict is liked]
    return papers_of(chosen, day.lexicon, day.candidates.papers.dim)
