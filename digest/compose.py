"""Decide what is in a digest: which papers, under which heading, how many, and whether at all.

Pure: the order of papers, their scores and their links come from outside. It neither ranks nor
renders. One law shares the room out, here and when a mail turns out too large: rank by rank, the
sections in their order, so that what goes first is always the paper deepest down a list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digest.characters import one_line, shorten
from digest.model import Digest, Entry, Links, Quiet, Section, SectionKind
from digest.wording import best_first, preheader, quiet_reason, subject, summary

__all__ = ["Edition", "Offer", "Policy", "compose", "share_out", "trim"]

_KINDS = (SectionKind.INTEREST, SectionKind.TRENDING, SectionKind.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Offer:
    """The papers that could stand under one heading, best first."""

    kind: SectionKind
    heading: str
    entries: tuple[Entry, ...]
    note: str = ""
    """One line under the heading: what the scores here measure."""
    threshold: float = 0.0
    """Lowest score, 0 to 100, that is worth the reader's time."""
    quota: int | None = None
    """Most papers under this heading; None leaves it to the policy."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one mail says beside its papers."""

    stream: str
    """Name of the list as readers see it: `Paper Round`."""
    day: date
    """The reader's own local date."""
    links: Links
    papers_read: int
    """How many new papers were looked at for this reader."""
    reader_name: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How large a mail may be, and when there is one."""

    max_entries: int = 15
    """Papers in a mail, all sections together; at least 1."""
    trending_alone: bool = False
    """Whether trending papers make a mail on a day without a paper for an interest."""

    def __post_init__(self) -> None:
        if self.max_entries < 1:
            raise ValueError(f"max_entries must be at least 1, not {self.max_entries}")


def compose(offers: Iterable[Offer], edition: Edition, policy: Policy) -> Digest | Quiet:
    """Choose the papers of one mail, or decide that there is none today.

    A paper stands once: under the interest that it matches best, else under Trending, else
    outside. Sections come in that order, interests as offered; an empty one is left out.

    Returns:
        The digest, or the reason for its absence. Papers of interests make a mail; trending ones
        only if the policy says so; those a little outside never.
    """
    ordered = sorted(offers, key=lambda offer: _KINDS.index(offer.kind))
    cleared = _apart([_cleared(offer) for offer in ordered])
    if not _is_worth_a_mail(cleared, policy):
        return _quiet(ordered, edition)
    shares = share_out([_wanted(offer) for offer in cleared], policy.max_entries)
    sections = [_section(offer, share) for offer, share in zip(cleared, shares, strict=True)]
    digest = Digest(
        stream=one_line(edition.stream),
        reader_name=shorten(one_line(edition.reader_name), 60),
        day=edition.day,
        subject="",
        preheader="",
        summary="",
        sections=tuple(section for section in sections if section.entries),
        links=edition.links,
        operator=one_line(edition.operator),
        papers_read=edition.papers_read,
    )
    return _told(digest)


def trim(digest: Digest, count: int) -> Digest:
    """Take the `count` papers out that are deepest down their lists, and say so.

    Subject, preheader and summary are told anew, each section counts what it lost. The last paper
    stays: a digest has one.
    """
    lengths = [len(section.entries) for section in digest.sections]
    kept = share_out(lengths, max(sum(lengths) - count, 1))
    sections = [
        replace(
            section,
            entries=section.entries[:keep],
            omitted=section.omitted + len(section.entries) - keep,
        )
        for section, keep in zip(digest.sections, kept, strict=True)
        if keep
    ]
    return _told(replace(digest, sections=tuple(sections)))


def share_out(wanted: Sequence[int], room: int) -> list[int]:
    """Share `room` places out rank by rank, those in front first.

    Args:
        wanted: How many places each could fill.
        room: Places in all.

    Returns:
        Places given to each: never more than wanted, as even as that allows.
    """
    given = [0] * len(wanted)
    for rank in range(max(wanted, default=0)):
        for place, want in enumerate(wanted):
            if room and rank < want:
                given[place] += 1
                room -= 1
    return given


def _told(digest: Digest) -> Digest:
    entries = best_first([(s.kind, entry) for s in digest.sections for entry in s.entries])
    said = summary(digest.papers_read, len(entries))
    return replace(
        digest,
        subject=subject(digest.day, entries),
        preheader=preheader(entries, said),
        summary=said,
    )


def _cleared(offer: Offer) -> Offer:
    # Written so that a score that is not a number clears nothing.
    entries = tuple(entry for entry in offer.entries if entry.score >= offer.threshold)
    return replace(offer, entries=entries)


def _apart(offers: Sequence[Offer]) -> list[Offer]:
    """Leave every paper in one offer only; offers come in the order of their kinds."""
    homes = _homes(offers)
    shown: set[str] = set()
    apart: list[Offer] = []
    for place, offer in enumerate(offers):
        is_interest = offer.kind is SectionKind.INTEREST
        elsewhere = {key for key, home in homes.items() if home != place} if is_interest else shown
        entries = _without(offer.entries, elsewhere)
        shown.update(entry.card.paper_id for entry in entries[: offer.quota])
        apart.append(replace(offer, entries=entries))
    return apart


def _without(entries: Sequence[Entry], elsewhere: set[str]) -> tuple[Entry, ...]:
    distinct: dict[str, Entry] = {}
    for entry in entries:
        distinct.setdefault(entry.card.paper_id, entry)
    return tuple(entry for key, entry in distinct.items() if key not in elsewhere)


def _homes(offers: Sequence[Offer]) -> dict[str, int]:
    """For each paper of an interest: the place of the interest with its highest score."""
    home: dict[str, int] = {}
    best: dict[str, float] = {}
    for place, offer in enumerate(offers):
        for entry in offer.entries if offer.kind is SectionKind.INTEREST else ():
            paper_id = entry.card.paper_id
            if paper_id not in best or entry.score > best[paper_id]:
                home[paper_id], best[paper_id] = place, entry.score
    return home


def _is_worth_a_mail(cleared: Sequence[Offer], policy: Policy) -> bool:
    enough = {SectionKind.INTEREST} | ({SectionKind.TRENDING} if policy.trending_alone else set())
    return any(_wanted(offer) for offer in cleared if offer.kind in enough)


def _quiet(offers: Sequence[Offer], edition: Edition) -> Quiet:
    interests = [offer for offer in offers if offer.kind is SectionKind.INTEREST]
    scores = [entry.score for offer in interests for entry in offer.entries]
    reason = quiet_reason(
        edition.papers_read, [offer.threshold for offer in interests], offered=bool(scores)
    )
    return Quiet(day=edition.day, reason=reason, best_score=max(scores, default=None))


def _wanted(offer: Offer) -> int:
    return len(offer.entries[: offer.quota])


def _section(offer: Offer, share: int) -> Section:
    # Everything trending "clears the threshold"; only an interest's surplus is news.
    is_interest = offer.kind is SectionKind.INTEREST
    surplus = len(offer.entries) if is_interest else _wanted(offer)
    return Section(
        kind=offer.kind,
        heading=shorten(one_line(offer.heading), 80),
        entries=offer.entries[:share],
        note=one_line(offer.note),
        omitted=surplus - share,
    )
