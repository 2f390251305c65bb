"""Why a paper is here: the liked papers it resembles, the words it shares, the telling sentence.

Looks at the selected papers only, through the words that scored them; loads no model and changes
no order.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.interests import InterestModel
from recommender.lexical import Lexicon
from recommender.papers import Candidates, PaperFacts
from recommender.phrases import fold_name
from recommender.ranked import DayRanking, Ranked, Reasons
from recommender.sentences import key_sentence
from recommender.terms import telling_words

__all__ = ["explain", "explain_day", "term_weights"]

Weights = NDArray[np.float32]

MIN_COSINE = 0.3
"""A liked paper farther away than this is no reason."""
MAX_NEAREST = 3
FEEDBACK_PAPERS = 10
FEEDBACK_WEIGHT = 0.5


def explain_day(
    day: DayRanking, models: Sequence[InterestModel], candidates: Candidates, lexicon: Lexicon
) -> DayRanking:
    """Return the same ranking with its reasons filled in.

    Args:
        day: what `recommender.ranking.rank_day` returned for these models and candidates.
        models: the reader's interests, fitted.
        candidates: the papers of the day.
        lexicon: the one that made the lexical rows.
    """
    weights = [term_weights(model, candidates) for model in models]

    def explained(entry: Ranked) -> Ranked:
        chosen = entry.interest
        reasons = explain(models[chosen], weights[chosen], candidates, entry.row, lexicon)
        return replace(entry, reasons=reasons)

    sections = tuple(
        replace(section, entries=tuple(map(explained, section.entries))) for section in day.sections
    )
    return replace(day, sections=sections, outside=tuple(map(explained, day.outside)))


def explain(
    model: InterestModel, weights: Weights, candidates: Candidates, row: int, lexicon: Lexicon
) -> Reasons:
    """Return why an interest wants one candidate.

    Args:
        model: the interest, fitted.
        weights: its `term_weights` (n_terms,), which choose the sentence; the words named are the
            interest's own, none that was lent to it.
        candidates: the papers of the day.
        row: which of them.
        lexicon: the one that made the lexical rows.
    """
    facts = candidates.facts[row]
    own = np.maximum(model.word_profile(), 0.0)
    return Reasons(
        nearest=_nearest_liked(model, candidates, row),
        words=telling_words(candidates.papers.words[[row]], own, facts, lexicon),
        sentence=key_sentence(facts.abstract, np.maximum(weights, 0.0), lexicon),
        followed=_followed(model, facts),
        keywords=tuple(
            keyword
            for keyword in model.interest_.keywords
            if candidates.having(keyword, plural=True)[row]
        ),
    )


def term_weights(model: InterestModel, candidates: Candidates) -> Weights:
    """Return the weight of each term for finding the sentence that tells most: (n_terms,).

    The liked papers' centroid and the reader's own words. Where no paper is liked, a sentence has
    few words, so the ten papers that match it best lend it theirs at half weight
    (pseudo-relevance feedback).
    """
    weights = model.word_profile()
    if model.n_liked_ or len(candidates) == 0 or len(weights) == 0:
        return weights
    totals = np.nan_to_num(model.score(candidates).total, nan=-np.inf)
    best = np.argsort(-totals, kind="stable")[:FEEDBACK_PAPERS]
    mean = np.asarray(candidates.papers.words[best].sum(axis=0), dtype=np.float32)
    length = max(float(np.linalg.norm(mean)), 1e-12)
    fed: Weights = weights + np.float32(FEEDBACK_WEIGHT / length) * mean
    return fed


def _nearest_liked(
    model: InterestModel, candidates: Candidates, row: int
) -> tuple[tuple[int, float], ...]:
    if not candidates.papers.known[row]:
        return ()
    cosines = np.nan_to_num(model.liked_cosines(candidates.papers.vectors[row]), nan=-1.0)
    gives = model.score(candidates).from_liked(row)
    if len(gives) == 0 or not np.isfinite(gives).all():
        return ()
    keys = model.liked_.keys
    order = np.lexsort((keys, -gives))
    near = [p for p in order.tolist() if gives[p] > 0 and cosines[p] >= MIN_COSINE][:MAX_NEAREST]
    return tuple((int(keys[place]), float(cosines[place])) for place in near)


def _followed(model: InterestModel, facts: PaperFacts) -> tuple[str, ...]:
    wanted = {fold_name(name) for name in model.interest_.followed_authors}
    return tuple(author for author in facts.authors if fold_name(author) in wanted)
