"""The sentences a mail says about itself: subject, preheader, summary, dates, reasons.

English and plain Unicode. Nothing here decides what is in the mail, and nothing escapes.
"""

from collections.abc import Sequence
from datetime import date
from math import isfinite

from digest.characters import shorten
from digest.latex import to_text
from digest.model import Entry, SectionKind

__all__ = [
    "author_line",
    "best_first",
    "date_label",
    "long_date",
    "preheader",
    "prospect_notes",
    "prospects",
    "quiet_reason",
    "reason_text",
    "short_date",
    "subject",
    "summary",
]

SUBJECT_CHARACTERS = 60
"""Check A26: what phones show of a subject."""
PREHEADER_CHARACTERS = (40, 100)
"""Check A28: fewer leaves room for the masthead, more is cut by every client."""
NAMED_AUTHORS = 3
LIKED_TITLES = 2
SHARED_WORDS = 5

NOVELTY, FORECAST = "Novelty", "Forecast"
PROSPECT_NOTES = {
    NOVELTY: "Novelty, 0 to 100: how far from the nearest papers before it; a percentile.",
    FORECAST: "Forecast, 0 to 100: how likely, by its text, to be listed on the Hugging Face "
    "daily page, among papers that nobody there has voted on; a percentile.",
}

# Names are spelled out because `strftime` and `calendar` follow the locale of the process.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: date) -> str:
    """Write a day in full: `Friday, May 15, 2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS[day.month - 1]} {day.day}, {day.year}"


def short_date(day: date) -> str:
    """Write a day for a subject: `Fri May 15`."""
    return f"{_WEEKDAYS[day.weekday()][:3]} {_MONTHS[day.month - 1][:3]} {day.day}"


def date_label(day: date, *, year: int) -> str:
    """Write a paper's day: `May 4` in the given year, `May 4, 2024` in another."""
    label = f"{_MONTHS[day.month - 1]} {day.day}"
    return label if day.year == year else f"{label}, {day.year}"


def prospects(novelty: float | None, forecast: float | None) -> str:
    """Write the percentiles that are known in whole numbers: `Novelty 93 · Forecast 88`."""
    values = ((NOVELTY, novelty), (FORECAST, forecast))
    known = [(name, value) for name, value in values if value is not None and isfinite(value)]
    return " · ".join(f"{name} {value:.0f}" for name, value in known)


def prospect_notes(entries: Sequence[Entry]) -> str:
    """Define what the prospects of these papers measure, each measure that is shown once."""
    said = " ".join(entry.card.prospects for entry in entries)
    return " ".join(note for name, note in PROSPECT_NOTES.items() if name in said)


def author_line(names: Sequence[str]) -> str:
    """Name the first three authors: `Ada Lovelace, Grace Hopper, Alan Turing et al.`."""
    named = ", ".join(shorten(to_text(name), 60) for name in names[:NAMED_AUTHORS])
    return f"{named} et al." if len(names) > NAMED_AUTHORS else named


def subject(day: date, entries: Sequence[Entry]) -> str:
    """Name the day, the best paper and how many more: `Fri May 15: A title and 11 more`."""
    start = f"{short_date(day)}: "
    end = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    room = SUBJECT_CHARACTERS - len(start) - len(end)
    return f"{start}{shorten(entries[0].card.title, room)}{end}"


def preheader(entries: Sequence[Entry], fallback: str) -> str:
    """Name the papers after the first, in 40 to 100 characters, filled up with `fallback`."""
    least, most = PREHEADER_CHARACTERS
    titles = " · ".join(entry.card.title for entry in entries[1:6])
    if len(titles) < least:
        titles = f"{titles} · {fallback}" if titles else fallback
    # Shortening never cuts what is seen as one character, and titles exist that are one throughout.
    said = shorten(titles, most)
    return said if len(said) >= least else fallback


def summary(papers_read: int, count: int) -> str:
    """Say how much was read and found: `Read 212 new papers for you; 14 are worth your time.`.

    Args:
        papers_read: Papers that were looked at; 0 when that is not known.
        count: Papers in the mail.
    """
    is_or_are = "is" if count == 1 else "are"
    if not papers_read:
        return f"Found {count:,} {_papers(count)} that {is_or_are} worth your time today."
    read = f"{papers_read:,} new {_papers(papers_read)}"
    return f"Read {read} for you; {count:,} {is_or_are} worth your time."


def best_first(entries: Sequence[tuple[SectionKind, Entry]]) -> list[Entry]:
    """Put the best match of an interest before the others, which keep their order.

    Args:
        entries: At least one, each with the kind of its section, in the order of the mail.
    """
    place = max(
        range(len(entries)),
        key=lambda i: (entries[i][0] is SectionKind.INTEREST, entries[i][1].score, -i),
    )
    rest = [entry for i, (_, entry) in enumerate(entries) if i != place]
    return [entries[place][1], *rest]


def quiet_reason(papers_read: int, thresholds: Sequence[float], *, offered: bool) -> str:
    """Say why there is no mail today.

    Args:
        papers_read: How many new papers there were.
        thresholds: Of the reader's interests, 0 to 100 each; empty when there are none.
        offered: Whether any paper was matched with an interest at all.
    """
    if not thresholds:
        return "There is no interest yet to choose papers by."
    if not papers_read:
        return "There were no new papers."
    if papers_read == 1:
        return f"The one new paper did not reach your {_thresholds(thresholds)}."
    if not offered:
        return f"None of {papers_read:,} new papers came into question."
    return f"None of {papers_read:,} new papers reached your {_thresholds(thresholds)}."


def reason_text(
    *, liked: Sequence[str] = (), words: Sequence[str] = (), followed: Sequence[str] = ()
) -> str:
    """Say in one sentence why a paper is here; empty when nothing is known.

    Args:
        liked: Titles of the nearest papers the reader liked, LaTeX or not, nearest first.
        words: Words that weighed most, weightiest first.
        followed: Names of this paper's authors whom the reader follows.

    Returns:
        For example ``Because you liked “A title”; shared words: parsing, treebank.``
    """
    names = _listed([shorten(to_text(name), 60) for name in followed[:LIKED_TITLES]])
    titles = _listed([f"“{shorten(to_text(title), 70)}”" for title in liked[:LIKED_TITLES]])
    shared = ", ".join(shorten(to_text(word), 40) for word in words[:SHARED_WORDS])
    clauses = [
        f"by {names}, whom you follow" if names else "",
        f"because you liked {titles}" if titles else "",
        f"shared words: {shared}" if shared else "",
    ]
    said = "; ".join(clause for clause in clauses if clause)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _listed(items: Sequence[str]) -> str:
    return " and ".join(items)


def _papers(count: int) -> str:
    return "paper" if count == 1 else "papers"


def _thresholds(thresholds: Sequence[float]) -> str:
    low, high = min(thresholds), max(thresholds)
    return f"threshold of {low:g}" if low == high else f"thresholds of {low:g} to {high:g}"
