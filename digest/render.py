"""Turn a digest into its subject, its plain text and its HTML.

Cards are cut once per paper and shared by all readers. No mail comes out too large or blank, and no
paper breaks the mail of the others. Nothing here chooses papers, builds messages or reads files:
the environment is given.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from jinja2 import Environment, Template, TemplateError
from markupsafe import Markup

from digest.compose import trim
from digest.errors import RenderError
from digest.model import Card, CardProblem, Digest, Entry, Rendered, Section
from digest.stencil import FAULTS, CardTemplates, Stencil, cut, fill, said
from digest.wording import long_date, prospect_notes

__all__ = ["MAX_HTML_BYTES", "Renderer"]

MAX_HTML_BYTES = 90_000
"""Check A27: HTML as such."""
MAX_ENCODED_BYTES = 102_000
"""Check A27: the same as it travels, in quoted-printable; Gmail clips what is larger."""

CACHED_CARDS = 4_096
"""Some 16 MB: the new papers of two busy days."""

_FOLDER = "email/digest"

_Filled = dict[str, tuple[str, str]]
"""By paper id: its entry in HTML and in text."""


class Renderer:
    """Renders digests, keeping the cards it has cut.

    The environment escapes `*.html.jinja`, leaves `*.txt.jinja` alone, and has the filter
    `wrap(text, indent)` of `digest.columns`. Safe to share between threads.
    """

    def __init__(
        self,
        environment: Environment,
        *,
        max_html_bytes: int = MAX_HTML_BYTES,
        cached_cards: int = CACHED_CARDS,
    ) -> None:
        self._environment = environment
        self._max_html_bytes = max_html_bytes
        self._stencil = lru_cache(maxsize=cached_cards)(_stencil)

    def render(self, digest: Digest) -> Rendered:
        """Render one digest; the same digest gives the same bytes.

        Args:
            digest: At least one entry; a paper at most once.

        Returns:
            Subject, text and HTML. Where the HTML would have been larger than allowed, the papers
            deepest down their lists are left out and named in `dropped`.

        Raises:
            RenderError: A template is at fault, no card could be rendered, or there is none.
        """
        stencils = self._stencils(digest)
        filled = {e.card.paper_id: fill(stencils[e.card.paper_id], e) for e in digest.entries}
        fitting, html = self._fitting(digest, filled)
        kept = {entry.card.paper_id for entry in fitting.entries}
        return Rendered(
            subject=" ".join(self._rendered("subject.txt", digest=fitting).split()),
            text=self._rendered("body.txt", **_context(fitting, _texts(fitting, filled))),
            html=html,
            problems=tuple(_problems(fitting.entries, stencils)),
            dropped=tuple(e.card.paper_id for e in digest.entries if e.card.paper_id not in kept),
        )

    def _fitting(self, digest: Digest, filled: _Filled) -> tuple[Digest, str]:
        html = self._rendered("body.html", **_context(digest, _markups(digest, filled)))
        while (excess := _excess(html, self._max_html_bytes)) > 0:
            digest = _smaller(digest, excess)
            html = self._rendered("body.html", **_context(digest, _markups(digest, filled)))
        return digest, html

    def _stencils(self, digest: Digest) -> dict[str, Stencil]:
        templates = self._template("card.html"), self._template("card.txt")
        stencils = {
            entry.card.paper_id: self._stencil(
                entry.card,
                *templates,
                bool(entry.key_sentence or entry.card.abstract),
                bool(entry.reason),
            )
            for entry in digest.entries
        }
        if not stencils:
            raise RenderError(f"the digest of {digest.day}", "it has no papers")
        problems = [stencil.problem for stencil in stencils.values()]
        if all(problems):
            raise RenderError(f"any paper of {digest.day}", problems[0])
        return stencils

    def _rendered(self, name: str, **values: object) -> str:
        template = self._template(name)
        try:
            return template.render(values)
        except FAULTS as error:
            raise RenderError(str(template.name), said(error)) from error

    def _template(self, name: str) -> Template:
        # Asked for every time, so that an environment that reloads can; it keeps what it compiled.
        path = f"{_FOLDER}/{name}.jinja"
        try:
            return self._environment.get_template(path)
        except TemplateError as error:
            raise RenderError(path, said(error)) from error


def _stencil(card: Card, html: Template, text: Template, lead: bool, reason: bool) -> Stencil:
    return cut(card, CardTemplates(html, text), has_lead=lead, has_reason=reason)


def _context(digest: Digest, cards: Sequence[str]) -> dict[str, object]:
    return {
        "digest": digest,
        "day": long_date(digest.day),
        "prospect_notes": prospect_notes(digest.entries),
        "sections": list(zip(digest.sections, cards, strict=True)),
    }


def _markups(digest: Digest, filled: _Filled) -> list[Markup]:
    """For each section its entries in HTML."""
    joined = ("".join(filled[key][0] for key in _ids(section)) for section in digest.sections)
    return [Markup(cards) for cards in joined]  # noqa: S704 (escaped where it was filled)


def _texts(digest: Digest, filled: _Filled) -> list[str]:
    """For each section its entries in plain text."""
    return ["".join(filled[key][1] for key in _ids(section)) for section in digest.sections]


def _ids(section: Section) -> Iterable[str]:
    return (entry.card.paper_id for entry in section.entries)


def _problems(entries: Sequence[Entry], stencils: dict[str, Stencil]) -> Iterable[CardProblem]:
    for key in (entry.card.paper_id for entry in entries):
        if stencils[key].problem:
            yield CardProblem(key, stencils[key].problem)


def _smaller(digest: Digest, excess: float) -> Digest:
    """Drop as many papers as the excess is surely worth, one at least."""
    count = len(digest.entries)
    if count <= 1:
        problem = f"with one paper it is {1 + excess:.1f} times as large as a mail may be"
        raise RenderError(f"the digest of {digest.day}", problem)
    # The frame counts as part of the papers here, so this never drops one too many.
    surplus = max(1, int(count * excess / (1 + excess)))
    return trim(digest, min(surplus, count - 1))


def _excess(html: str, max_bytes: int) -> float:
    """Return by what share of a limit the HTML is too large; 0 or less when it is not."""
    try:
        size = len(html.encode())
    except UnicodeEncodeError as error:
        raise RenderError("a text of this digest", said(error)) from error
    # Encoding costs ten times this estimate, which is never too low: in quoted-printable each "="
    # and each octet beyond ASCII is three, and at most two such octets go with each octet that
    # UTF-8 adds to a character; lines of 73 octets get a break of three, line ends are two.
    escaped = html.count("=") + 2 * (size - len(html))
    encoded = (size + html.count("\n") + 2 * escaped) * 76 / 73
    return max(size / max_bytes, encoded / MAX_ENCODED_BYTES) - 1
