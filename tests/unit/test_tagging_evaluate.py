"""The scores against hand-counted ones."""

from schemas.article import Article
from schemas.tagged import Mention
from streams.tagging.evaluate import (
    evaluate_entities,
    evaluate_linking,
    predict,
    score_entities,
    score_links,
)


class Fixed:
    """A tagger whose answer is known."""

    name = "fixed"

    def label(self, language: str) -> str:
        return self.name

    def tag(self, article: Article) -> tuple[Mention, ...]:
        rows = [("GPE", 0, 5, "Q1"), ("PERSON", 6, 9, "Q2"), ("DATE", 10, 14, None)]
        return tuple(
            Mention(
                field="body",
                start=start,
                end=end,
                surface=article.body[start:end],
                type=kind,  # type: ignore[arg-type]
                entity_id=identity,
                confidence=1.0,
            )
            for kind, start, end, identity in rows
        )


TEXT = "Ostra Ann 2024"


def test_entities_are_counted_strictly_after_folding() -> None:
    """One hit (GPE is LOC), one wrong type; DATE does not count where the set has none."""
    gold = [{"start": 0, "end": 5, "type": "LOC"}, {"start": 6, "end": 9, "type": "ORG"}]
    rows = [{"id": "1", "text": TEXT, "entities": gold}]
    scores = score_entities(rows, predict(Fixed(), rows))
    assert scores["micro"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 2.0}
    assert scores["LOC"]["f1"] == 1.0
    assert "DATE" not in scores


def test_links_count_only_inside_the_stretch_and_only_known_ids() -> None:
    gold = [
        {"start": 0, "end": 5, "entity_id": "Q1"},
        {"start": 6, "end": 9, "entity_id": None},
    ]
    rows = [{"id": "1", "text": TEXT, "evaluate": [0, 6], "entities": gold}]
    assert score_links(rows, predict(Fixed(), rows))["f1"] == 1.0
    wider = [{**rows[0], "evaluate": [0, 14]}]
    assert score_links(wider, predict(Fixed(), wider))["precision"] == 0.5


def test_rows_without_gold_are_predicted_and_not_scored() -> None:
    rows = [{"id": "1", "text": TEXT}]
    made = predict(Fixed(), rows)
    assert [len(row["entities"]) for row in made] == [3]
    assert score_entities(rows, made) == {
        "micro": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 0.0}
    }


def test_the_commands_get_flat_scores_and_predictions() -> None:
    gold = [{"start": 0, "end": 5, "type": "LOC", "entity_id": "Q1"}]
    rows = [{"id": "1", "text": TEXT, "evaluate": [0, 6], "entities": gold}]
    scores, made = evaluate_entities(rows, Fixed())
    assert (scores["recall"], scores["f1_LOC"], made[0]["id"]) == (1.0, 1.0, "1")
    assert evaluate_linking(rows, Fixed())[0]["f1"] == 1.0
    assert evaluate_entities([{"id": "1", "text": TEXT}])[0] == {}
