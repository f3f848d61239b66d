"""Features, index and curves: small cases whose answers can be seen."""

import math

import pytest

from schemas.tagged import Mention
from streams.events.background import Background, background, blended
from streams.events.compare import Comparer, bundle, pack
from streams.events.features import Name, entity_names, numbers, vectorise
from streams.events.index import Index
from streams.events.scorer import Curve, Scorer, measure, scorer
from streams.text.sentences import Sentence, sentence_of

TABLE = Background(99, {"say": 99, "quak": 9})


def piece(text: str, field: str = "body") -> Sentence:
    return sentence_of(field, 0, text)


def vector(title: str, body: str, names: list[Name] | None = None):
    pieces = [piece(title, "title"), piece(body)]
    return vectorise(pieces, [*(names or []), *numbers(pieces)], background().idfs)


def likeness(first, second):
    return Comparer().compare(pack(first), [bundle([pack(second)])])[0]


def test_idf_is_the_log_of_the_share():
    assert TABLE.idf("quak") == pytest.approx(math.log(100 / 9.3))
    assert TABLE.idf("say") < 0.01
    assert TABLE.idf("torvel") == pytest.approx(math.log(100 / 0.3))


def test_the_stream_makes_a_word_common_never_rarer():
    fresh, common = TABLE.idf("torvel"), TABLE.idf("say")
    now_fresh, now_common, unseen = blended([fresh, common, fresh], [500, 1, 0], 1000)
    assert now_fresh < fresh
    assert now_common <= common
    assert unseen == fresh


def test_function_words_of_other_languages_are_common():
    assert background().idf("der", "de") < 1
    assert background().idf("aber", "de") < 1


def test_the_same_text_is_as_like_as_can_be():
    one = vector("Quake shakes Torvel valley", "An earthquake struck the Torvel valley.")
    values = measure(likeness(one, one))
    for name in ("words_best", "words_mean", "title_best", "pairs_best"):
        assert values[name] == pytest.approx(1, abs=1e-3)


def test_texts_without_a_shared_word_are_not_alike():
    values = measure(likeness(vector("Quake", "Rubble fell."), vector("Cup", "Rovers won.")))
    assert set(values.values()) == {0.0}


def test_centroid_of_two_by_hand():
    """Members (1, 0) and (0, 1): the article (1, 0) has cosine 1 / sqrt 2 with their sum."""
    first, second = vector("Torvel", ""), vector("Ruzna", "")
    found = Comparer().compare(pack(first), [bundle([pack(first), pack(second)])])[0]
    assert found.best[2] == pytest.approx(1)
    assert found.mean[2] == pytest.approx(1 / math.sqrt(2))


def test_numbers_meet_across_languages():
    assert [n.key for n in numbers([piece("25,000 and 25.000 and 7")])] == ["#25000"]


def test_a_known_entity_meets_by_id_and_by_name():
    mention = Mention(
        field="body",
        start=0,
        end=11,
        surface="Deutschland",
        type="GPE",
        entity_id="Q183",
        name="Germany",
        confidence=1,
    )
    assert [name.key for name in entity_names([mention])] == ["Q183", "germany"]


def test_a_curve_is_a_step_function():
    curve = Curve((0.2, 0.5), (-1.0, 0.0, 2.0))
    assert [curve.at(x) for x in (0.0, 0.2, 0.4, 0.5, 0.9)] == [-1.0, 0.0, 0.0, 2.0, 2.0]


def quakes() -> dict[str, float | None]:
    one = vector("Quake in Torvel", "Dead.")
    return measure(likeness(one, vector("Torvel quake", "Toll.")))


@pytest.mark.parametrize("foreign", [False, True])
def test_evidence_sums_to_the_score(foreign):
    case = {**quakes(), "days_apart": 5.0}, 4, foreign
    total = sum(weight for _, _, weight in scorer().parts(*case))
    assert scorer().score(*case) == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-6)


def test_unknown_time_is_neutral_and_distance_never_helps():
    model: Scorer = scorer()
    values = quakes()
    unknown, same_day, *later = [
        model.score({**values, "days_apart": gap}, 4, False)
        for gap in (None, 0.0, 2.0, 5.0, 20.0, 400.0)
    ]
    assert unknown == same_day
    assert sorted(later, reverse=True) == later


def test_curves_of_likeness_never_fall():
    model = scorer()
    for each in (*model.sums, model.foreign):
        for name, curve in each.curves.items():
            assert list(curve.values) == sorted(curve.values, reverse=name == "days_apart")
            assert len(curve.values) == len(curve.edges) + 1


def test_a_length_has_its_own_curves():
    """A headline shares less with its event than a text: the same values mean more."""
    model = scorer()
    assert len(model.sums) == len(model.lengths) + 1
    scores = {model.score(quakes(), length, False) for length in (4, 10, 20, 50, 150)}
    assert len(scores) > 1


def test_a_looser_desk_asks_for_less():
    strict, balanced, loose = map(scorer, ("strict", "balanced", "loose"))
    assert strict.threshold > balanced.threshold > loose.threshold
    assert strict.sums == loose.sums


def test_the_index_forgets_without_a_trace():
    """Put and drop, in any order of keys, leaves what a new index would hold."""
    one, other = vector("Quake in Torvel", "Dead."), vector("Rovers win cup", "Goal.")
    index = Index()
    index.put("b", "ev-1", 2, one, None)
    index.put("a", "ev-1", 1, one, None)
    index.put("c", "ev-2", 3, other, None)
    assert index.members("ev-1") == ["a", "b"]
    assert index.candidates(one) == ["ev-1"]
    for item in "bac":
        index.drop(item)
    assert index.candidates(one) == []
    assert not len(index.vocabulary)
    assert not index.entries
    assert not index._postings


def test_candidates_leave_out_the_article_itself():
    one = vector("Quake in Torvel", "Dead.")
    index = Index()
    index.put("a", "ev-1", 1, one, None)
    assert index.candidates(one, "a") == []
