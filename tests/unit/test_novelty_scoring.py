"""The features of a statement, worked by hand, and the chance made of them."""

import math

import pytest

from streams.novelty.assess import assess, extract_sentences
from streams.novelty.evaluate import as_sentences
from streams.novelty.memory import EventMemory, Json
from streams.novelty.scoring import FEATURES, Model, Scene, chance, features, masses, model, often
from streams.novelty.statement_index import DEPTH, HEAD_WEIGHT, Index


def made(*texts: str) -> Json:
    return extract_sentences(as_sentences(texts), (), "en")


def flat(stem: str) -> float:
    return 2.0


def read(new: Json, *earlier: Json, at: int = 0, held: float = 0.0) -> dict[str, float]:
    memory = EventMemory()
    for number, each in enumerate(earlier):
        memory.add(str(number), each)
    statements = new["statements"]
    scene = Scene(memory.index, Index(), often(statements))
    values = features(statements[at], masses(statements[at], flat), scene, held)
    return dict(zip(FEATURES, values, strict=True))


def test_in_an_empty_event_every_word_is_unseen() -> None:
    found = read(made("Miners dug tunnels."))
    assert found["unseen words"] == pytest.approx(math.log(4))
    assert found["rarest unseen"] == 2.0
    assert (found["empty"], found["first"], found["depth"]) == (1.0, 1.0, 1.0)


def test_a_word_of_a_first_sentence_is_known_by_the_weight_of_its_place() -> None:
    """Three words, each unseen with chance 1 - HEAD_WEIGHT."""
    found = read(made("Miners dug tunnels."), made("Miners dug tunnels."))
    assert found["unseen words"] == pytest.approx(math.log1p(3 * (1 - HEAD_WEIGHT)))
    assert found["empty"] == 0.0


def test_a_word_deep_in_an_article_is_known_less() -> None:
    lines = ["Rain fell."] * 6 + ["Miners dug tunnels."]
    found = read(made("Miners dug tunnels."), made(*lines))
    unseen = 1 - HEAD_WEIGHT * math.exp(-6 / DEPTH)
    assert found["unseen words"] == pytest.approx(math.log1p(3 * unseen))


def test_what_the_article_keeps_speaking_of_is_central() -> None:
    """One of three words stands in two other sentences: 2 * 2 / (3 * 2)."""
    found = read(made("Miners dug tunnels.", "Miners sang.", "Miners slept."))
    assert found["central"] == pytest.approx(2 / 3)


def test_a_familiar_word_stands_in_a_share_of_the_articles() -> None:
    found = read(made("Miners sang."), made("Miners dug."), made("Rain fell."))
    assert found["familiar"] == pytest.approx(0.5 * 2.0)


def test_numbers_and_a_small_share_of_one_statement() -> None:
    assert read(made("Miners dug 45 tunnels."))["unseen numbers"] == pytest.approx(1.0)
    assert read(made("Miners dug."), held=0.1)["held by one"] == 0.0
    assert read(made("Miners dug."), held=0.5)["held by one"] == 0.5


def test_the_chance_is_logistic() -> None:
    assert chance((1.0, 2.0), Model((1.0, 0.5), -2.0, 0.5)) == 0.5
    assert chance((1e9,), Model((1.0,), 0.0, 0.5)) == 1.0


def test_the_shipped_model_has_a_weight_for_each_feature() -> None:
    shipped = model()
    assert len(shipped.weights) == len(FEATURES)
    assert 0.2 < shipped.threshold < 0.8


def test_unheard_words_are_new_wherever_they_stand() -> None:
    """Place and length speak against the last line, its words decide."""
    memory = EventMemory()
    memory.add("old", made("Miners dug a tunnel under the lake.", "The tunnel was closed."))
    lines = ["The tunnel was closed."] * 8
    new = made(*lines, "Scholars praised violins, poems and cathedrals.")
    assert assess("new", new, memory, lambda stem: 5.0).novelty.sentences[-1].label == "NEW"


def test_an_article_with_one_solid_statement_updates() -> None:
    """What would only confirm is an update by its likeliest statement, and no more of them."""
    memory = EventMemory()
    memory.add("old", made("Miners dug a tunnel under the lake in March."))
    new = made(
        "Miners dug a tunnel under the lake in March.",
        "Miners under the lake dug a tunnel for carts, ponies and 300 barrels.",
    )
    found = assess("new", new, memory, flat)
    assert found.relation == "updates"
    assert [each.label for each in found.novelty.sentences] == ["KNOWN", "NEW"]
