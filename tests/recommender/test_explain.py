"""Why a paper is here."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.explain import explain, explain_day, term_weights
from recommender.interests import InterestModel
from recommender.lexical import Lexicon
from recommender.papers import Candidates, Interest, PaperFacts, Papers
from recommender.ranked import Reasons
from recommender.ranking import rank_day
from recommender.sentences import key_sentence, shorten
from recommender.stopwords import BOILERPLATE, FUNCTION_WORDS
from recommender.terms import telling_words
from recommender.testing import TopicCorpus
from recommender.text import paper_text

POLAR = (
    "Reliable links are important for modern networks. "
    "We show that polar codes approach capacity under list decoding. "
    "The polar code is simple. Code is available at https://example.org/polar."
)
KV = "We study KV cache eviction, and the KV cache of an LLM under Nash equilibrium."


def reasons_for(corpus: TopicCorpus, interest: Interest, row: int = 20) -> Reasons:
    """Return the reasons for one paper of the corpus."""
    candidates = corpus.candidates([row, 50])
    model = InterestModel().fit(interest, corpus.whitening)
    return explain(model, term_weights(model, candidates), candidates, 0, corpus.lexicon)


def words_of(title: str, abstract: str, profile_of: str) -> tuple[str, ...]:
    """Return the telling words of a paper for an interest that is one text."""
    lexicon = Lexicon(min_df=1).fit([paper_text(title, abstract), profile_of, "something else"])
    row = lexicon.transform([paper_text(title, abstract)])
    profile = lexicon.transform([profile_of]).toarray()[0]
    return telling_words(row, profile, PaperFacts(title, abstract), lexicon)


def sentence_of(abstract: str, profile_of: str) -> str:
    """Return the key sentence of an abstract for an interest that is one text."""
    lexicon = Lexicon(min_df=1).fit([abstract, profile_of, "something else"])
    return key_sentence(abstract, lexicon.transform([profile_of]).toarray()[0], lexicon)


def test_every_chosen_paper_gets_its_reasons(corpus: TopicCorpus) -> None:
    """In sections and outside; nothing else changes."""
    candidates = corpus.candidates([*range(15, 30), *range(45, 60)])
    interest = replace(corpus.interest(range(6)), threshold=30.0)
    models = [InterestModel().fit(interest, corpus.whitening)]
    day = rank_day(models, candidates, rng=np.random.default_rng(0))

    explained = explain_day(day, models, candidates, corpus.lexicon)

    entries = [*explained.sections[0].entries, *explained.outside]
    assert all(entry.reasons is not None and entry.reasons.sentence for entry in entries)
    assert explained.shown == day.shown


def test_the_liked_papers_that_gave_most_come_first(corpus: TopicCorpus) -> None:
    """With their cosines; at most three."""
    reasons = reasons_for(corpus, corpus.interest(range(10)))
    keys, cosines = zip(*reasons.nearest, strict=True)
    model = InterestModel().fit(corpus.interest(range(10)), corpus.whitening)
    gives = model.score(corpus.candidates([20, 50])).from_liked(0)

    assert list(keys) == np.argsort(-gives)[:3].tolist()
    expected = corpus.papers.vectors[list(keys)] @ corpus.papers.vectors[20]
    np.testing.assert_allclose(cosines, expected, rtol=1e-5)


def test_a_far_liked_paper_is_no_reason(corpus: TopicCorpus) -> None:
    """It would explain nothing."""
    assert reasons_for(corpus, corpus.interest([40])).nearest == ()


def test_a_paper_without_vector_has_no_nearest(corpus: TopicCorpus) -> None:
    """Unknown is not near."""
    papers = corpus.papers.take([20])
    blank = Papers(papers.keys, np.full_like(papers.vectors, np.nan), papers.words)
    candidates = Candidates(blank, corpus.facts[20:21])
    model = InterestModel().fit(corpus.interest(range(5)), corpus.whitening)

    reasons = explain(model, term_weights(model, candidates), candidates, 0, corpus.lexicon)

    assert reasons.nearest == ()


def test_keywords_and_followed_authors_are_named(corpus: TopicCorpus) -> None:
    """Keywords as the reader spells them, authors as the paper does."""
    word = corpus.facts[20].title.split()[0]
    (author,) = corpus.facts[20].authors
    interest = replace(
        corpus.interest(keywords=(word.upper(), "zebra")), followed_authors=(author.upper(),)
    )

    reasons = reasons_for(corpus, interest)

    assert (reasons.keywords, reasons.followed) == ((word.upper(),), (author,))


def test_a_sentence_of_prose_borrows_words_from_its_best_papers(corpus: TopicCorpus) -> None:
    """So that a short sentence can explain more than its own words."""
    candidates = corpus.candidates(range(60))
    model = InterestModel().fit(corpus.interest(prose="treebank parser"), corpus.whitening)

    assert (term_weights(model, candidates) > 0).sum() > (model.word_profile() > 0).sum()


def test_pairs_stand_for_their_words() -> None:
    """The words of a pair are not repeated, nor its plural."""
    assert words_of("On links", POLAR, "polar codes and list decoding") == (
        "list decoding",
        "polar codes",
    ) or words_of("On links", POLAR, "polar codes and list decoding") == (
        "polar codes",
        "list decoding",
    )


def test_pairs_that_overlap_are_one_phrase() -> None:
    """Medical image and image segmentation make one."""
    words = words_of("x", "A medical image segmentation net.", "medical image segmentation")

    assert words == ("medical image segmentation",)


def test_capitals_inside_a_sentence_are_kept() -> None:
    """Names and acronyms are spelled as in the paper."""
    words = words_of("x", KV, "kv cache, llm, nash equilibrium")

    assert set(words) == {"KV cache", "LLM", "Nash equilibrium"}


def test_boilerplate_is_never_a_reason() -> None:
    """Alone or in pairs, whatever it weighs."""
    text = "We propose a novel method. Experiments show improved performance on existing PTQ."

    assert words_of("Paper", text, text) == ("PTQ",)


def test_nothing_shared_gives_no_words() -> None:
    """An empty reason is better than a false one."""
    assert words_of("Polar codes", POLAR, "treebank parsing") == ()


def test_the_two_word_lists_are_apart_and_folded() -> None:
    """Function words are gone before boilerplate is looked up."""
    assert FUNCTION_WORDS.isdisjoint(BOILERPLATE)
    assert all(word == word.casefold() for word in FUNCTION_WORDS | BOILERPLATE)


def test_the_key_sentence_is_the_nearest() -> None:
    """By the words it shares with the interest."""
    assert sentence_of(POLAR, "list decoding of polar codes").startswith("We show that polar")


def test_without_shared_words_the_sentence_says_what_is_done() -> None:
    """Neither background nor where the code is."""
    assert sentence_of(POLAR, "treebank parsing").startswith("We show that polar")


def test_an_empty_abstract_has_no_key_sentence() -> None:
    """The card shows what there is."""
    assert sentence_of("", "polar codes") == ""


def test_a_single_sentence_is_the_key_sentence() -> None:
    """Even when it is background."""
    assert sentence_of("Recent codes are polar.", "zebra") == "Recent codes are polar."


def test_a_very_long_sentence_yields_to_an_equal_one() -> None:
    """What need not be cut reads better."""
    long = "Polar codes " + "are studied again and " * 14 + "studied."

    assert sentence_of(f"{long} Polar codes win wherever they are tried.", "polar codes") == (
        "Polar codes win wherever they are tried."
    )


def test_plurals_are_told_by_their_endings() -> None:
    """One form of a word is enough."""
    text = "Theories of boxes: a theory of a box, and codes of a code on a lens."

    assert len(words_of("x", text, "theories theory boxes box codes code")) == 2


def test_long_sentences_end_at_a_clause() -> None:
    """With a mark that something was cut."""
    sentence = "We " + "study many codes " * 8 + ", and then " + "go on for long " * 12 + "."

    short = shorten(sentence)

    assert short.endswith("study many codes…")


@pytest.mark.parametrize("limit", [20, 280])
@given(text=st.text(max_size=600))
def test_a_shortened_sentence_fits(text: str, limit: int) -> None:
    """Whatever is in it, 1 MB without a blank included."""
    assert len(shorten(text, limit)) <= limit
