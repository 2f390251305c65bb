"""Interest models: what ratings and words do to scores, and the contract of their parts."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.background import Background, Whitening
from recommender.errors import ModelMismatchError, NotFittedError
from recommender.interests import InterestConfig, InterestModel, Scores
from recommender.papers import Candidates, Interest, Papers
from recommender.testing import TopicCorpus
from tests.recommender.worlds import seen_day

KINDS = ["liked", "prose", "keywords", "liked and prose", "followed", "disliked too"]


def interest_of(corpus: TopicCorpus, kind: str) -> Interest:
    """Return an interest in parsing, stated in one of the ways there are."""
    liked = corpus.rows("parsing")[:4]
    prose = "dependency parser, treebank grammar, constituency syntax, chart and transition"
    match kind:
        case "liked":
            return corpus.interest(liked)
        case "prose":
            return corpus.interest(prose=prose)
        case "keywords":
            return corpus.interest(keywords=("treebank", "parser"))
        case "liked and prose":
            return corpus.interest(liked, prose=prose)
        case "followed":
            return replace(corpus.interest(liked), followed_authors=corpus.facts[50].authors)
        case _:
            return corpus.interest(liked, corpus.rows("coding")[:4])


def scores_of(corpus: TopicCorpus, interest: Interest, candidates: Candidates) -> Scores:
    """Fit the default model and score."""
    return InterestModel().fit(interest, corpus.whitening).score(candidates)


@pytest.fixture(scope="module")
def day(corpus: TopicCorpus) -> Candidates:
    """Ten candidates of each topic that nobody rated."""
    return corpus.candidates([*corpus.rows("parsing")[20:], *corpus.rows("coding")[20:]])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "followed"])
def test_papers_of_the_topic_come_first(corpus: TopicCorpus, day: Candidates, kind: str) -> None:
    """However the interest was stated."""
    total = scores_of(corpus, interest_of(corpus, kind), day).total

    assert total[:10].min() > total[10:].max()


@pytest.mark.parametrize("kind", KINDS)
def test_parts_add_up_to_the_total(corpus: TopicCorpus, day: Candidates, kind: str) -> None:
    """So that a score can be explained."""
    scores = scores_of(corpus, interest_of(corpus, kind), day)

    np.testing.assert_allclose(sum(scores.parts.values()), scores.total, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_scores_do_not_depend_on_the_order_of_papers(
    corpus: TopicCorpus, day: Candidates, kind: str
) -> None:
    """Candidates turned around have their scores turned around."""
    turned = Candidates(day.papers.take(np.arange(len(day))[::-1]), day.facts[::-1], day.reference)
    interest = interest_of(corpus, kind)

    there, back = scores_of(corpus, interest, day), scores_of(corpus, interest, turned)

    np.testing.assert_allclose(back.total[::-1], there.total, atol=1e-5)


def test_parts_carry_the_names_of_the_recipe(corpus: TopicCorpus, day: Candidates) -> None:
    """Papers give five parts, words three, co-readers, dislikes and followed authors one each."""
    interest = replace(
        corpus.interest(range(4), [40], prose="dependency parser", keywords=("parser",)),
        followed_authors=("Ada Nobody",),
    )

    parts = scores_of(corpus, interest, seen_day(corpus, day)).parts

    assert set(parts) == {
        "centroid",
        "kernel",
        "nearest",
        "words",
        "nearest_words",
        "prose",
        "prose_words",
        "keywords",
        "coreaders",
        "disliked",
        "followed",
    }


def test_words_weigh_little_where_only_titles_are_known(
    corpus: TopicCorpus, day: Candidates
) -> None:
    """The nearest by words do not count at all."""
    titles = tuple(replace(fact, abstract=" ") for fact in day.facts)
    interest = interest_of(corpus, "liked")

    few = scores_of(corpus, interest, replace(day, facts=titles)).parts
    many = scores_of(corpus, interest, day).parts

    assert set(many) - set(few) == {"nearest_words"}
    assert np.ptp(few["words"]) < np.ptp(few["centroid"]) / 5
    assert np.ptp(many["words"]) > np.ptp(many["centroid"]) / 2


def test_a_dislike_lowers_what_is_near_it(corpus: TopicCorpus, day: Candidates) -> None:
    """A copy of a disliked paper falls, whatever else is liked; all others stay where they are."""
    liked = [*corpus.rows("parsing")[:4], *corpus.rows("coding")[:4]]
    copied = corpus.papers.take([55])
    copy = Papers(np.array([900]), copied.vectors, copied.words)

    plain = corpus.interest(liked)
    without = scores_of(corpus, plain, day).total
    lowered = scores_of(corpus, replace(plain, disliked=copy), day)

    row = int(np.flatnonzero(day.papers.keys == 55)[0])
    assert int(np.argmin(lowered.total - without)) == row
    assert lowered.total[row] < without[row]
    same = lowered.parts["disliked"] == 0
    np.testing.assert_array_equal(lowered.total[same], without[same])


def test_prose_weighs_less_the_more_is_liked(corpus: TopicCorpus, day: Candidates) -> None:
    """By k / (k + n): three quarters at one liked paper, a fifth at twelve."""
    rows = corpus.rows("coding")
    prose = "dependency parser and treebank grammar"

    few = scores_of(corpus, corpus.interest(rows[:1], prose=prose), day).total
    many = scores_of(corpus, corpus.interest(rows[:12], prose=prose), day).total

    assert few[:10].mean() > few[10:].mean()
    assert many[:10].mean() < many[10:].mean()


def test_a_keyword_in_the_title_counts_more_than_in_the_abstract(corpus: TopicCorpus) -> None:
    """And both more than none."""
    candidates = corpus.candidates([0, 1, 2])
    facts = (
        replace(candidates.facts[0], title="On zebras"),
        replace(candidates.facts[1], abstract="A zebra."),
        candidates.facts[2],
    )
    interest = corpus.interest(keywords=("zebra",))

    parts = scores_of(corpus, interest, replace(candidates, facts=facts)).parts

    title, abstract, neither = parts["keywords"]
    assert title > abstract > neither


def test_a_followed_author_lifts_a_paper_to_the_top(corpus: TopicCorpus, day: Candidates) -> None:
    """Even of the wrong topic."""
    scores = scores_of(corpus, interest_of(corpus, "followed"), day)

    assert day.papers.keys[np.argmax(scores.total)] == 50


def test_a_followed_author_needs_no_vector(corpus: TopicCorpus, day: Candidates) -> None:
    """The bonus alone is the score of a paper that cannot be judged."""
    vectors = day.papers.vectors.copy()
    vectors[10] = np.nan
    papers = Papers(day.papers.keys, vectors, day.papers.words)

    scores = scores_of(corpus, interest_of(corpus, "followed"), replace(day, papers=papers))

    assert scores.total[10] == InterestConfig().follow_bonus


def test_a_paper_without_vector_has_no_score(corpus: TopicCorpus, day: Candidates) -> None:
    """Unknown is not zero, and the others keep theirs."""
    vectors = day.papers.vectors.copy()
    vectors[3], vectors[4] = np.nan, 0.0
    papers = Papers(day.papers.keys, vectors, day.papers.words)

    total = scores_of(corpus, interest_of(corpus, "liked"), replace(day, papers=papers)).total

    assert np.flatnonzero(np.isnan(total)).tolist() == [3, 4]


@pytest.mark.parametrize("n", [1, 2])
def test_one_paper_or_two_identical_ones_are_a_profile(
    corpus: TopicCorpus, day: Candidates, n: int
) -> None:
    """Both say the same."""
    row = int(corpus.rows("parsing")[0])

    one = scores_of(corpus, corpus.interest([row]), day).total
    same = scores_of(corpus, corpus.interest([row] * n), day).total

    np.testing.assert_allclose(same, one, atol=1e-4)


@pytest.mark.parametrize("liked", [[], [0, 1]])
def test_without_anything_liked_nothing_can_be_scored(
    corpus: TopicCorpus, day: Candidates, liked: list[int]
) -> None:
    """Only dislikes, or papers both liked and disliked: no score, not a bad one."""
    scores = scores_of(corpus, corpus.interest(liked, [0, 1]), day)

    assert np.isnan(scores.total).all()
    assert dict(scores.parts) == {}


def test_liked_papers_without_vectors_speak_by_their_words(
    corpus: TopicCorpus, day: Candidates
) -> None:
    """Until they are embedded."""
    liked = corpus.papers.take(corpus.rows("parsing")[:3])
    blank = Papers(liked.keys, np.full_like(liked.vectors, np.nan), liked.words)
    interest = replace(corpus.interest(), liked=blank)

    scores = scores_of(corpus, interest, seen_day(corpus, day))

    assert set(scores.parts) == {"words", "nearest_words"}
    assert scores.total[:10].min() > scores.total[10:].max()


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_day_has_no_scores(corpus: TopicCorpus, kind: str) -> None:
    """And no warning."""
    nobody = Candidates(corpus.nothing(), ())

    assert scores_of(corpus, interest_of(corpus, kind), nobody).total.shape == (0,)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("followed", "keywords")])
def test_one_candidate_without_reference_is_neither_good_nor_bad(
    corpus: TopicCorpus, kind: str
) -> None:
    """There is nothing to compare it with."""
    alone = replace(corpus.candidates([20]), reference=None)

    assert scores_of(corpus, interest_of(corpus, kind), alone).total.tolist() == [0.0]


def test_a_keyword_needs_nothing_to_compare_with(corpus: TopicCorpus) -> None:
    """Its bonus is the same on every day."""
    interest, day = interest_of(corpus, "keywords"), corpus.candidates(range(20, 40))
    alone = replace(corpus.candidates([20]), reference=None)

    bonus = scores_of(corpus, interest, alone).total[0]

    assert bonus == scores_of(corpus, interest, day).parts["keywords"][0] > 0


def test_a_small_day_is_measured_against_the_reference(corpus: TopicCorpus) -> None:
    """One good paper alone is still a good paper."""
    alone = corpus.candidates([20])

    assert scores_of(corpus, interest_of(corpus, "liked"), alone).total[0] > 0.5


def test_vectors_of_another_model_are_refused(corpus: TopicCorpus) -> None:
    """A model change half done is an error, not a wrong order."""
    whitening = Whitening.of(Background.empty(32))

    with pytest.raises(ModelMismatchError, match="32 dimensions"):
        InterestModel().fit(corpus.interest([1]), whitening)


def test_a_prose_vector_of_another_model_is_refused(corpus: TopicCorpus) -> None:
    """It comes from the same model as the papers."""
    interest = replace(corpus.interest([1]), prose_vector=np.ones(3, dtype=np.float32))

    with pytest.raises(ModelMismatchError):
        InterestModel().fit(interest, corpus.whitening)


def test_prose_without_a_usable_vector_speaks_by_its_words(
    corpus: TopicCorpus, day: Candidates
) -> None:
    """Zeros and NaN are no vector."""
    interest = replace(interest_of(corpus, "prose"), prose_vector=np.zeros(64, dtype=np.float32))

    assert set(scores_of(corpus, interest, day).parts) == {"prose_words"}


def test_prose_in_unknown_words_speaks_by_its_vector(corpus: TopicCorpus, day: Candidates) -> None:
    """No term of it is in any paper."""
    assert set(scores_of(corpus, corpus.interest(prose="zebra"), day).parts) == {"prose"}


def test_an_unfitted_model_says_so(day: Candidates) -> None:
    """Instead of failing somewhere inside."""
    with pytest.raises(NotFittedError, match="InterestModel"):
        InterestModel().score(day)
