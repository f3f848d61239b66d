"""What an article adds to its event: labels, relation, disputes, on texts written for this."""

import re
from datetime import UTC, datetime

import orjson
import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import Mention, TaggedArticle
from streams.novelty.assess import Assessment, assess, extract
from streams.novelty.memory import EventMemory, Json
from streams.text.sentences import sentences

ACTORS = {
    "Norvia": "Q1",
    "Ostravia": "Q2",
    "Kelvania": "Q3",
    "Ferrania": "Q4",
    "Mara Olsen": "Q5",
    "Brenholt": "Q6",
    "Halden": "Q7",
}
CAPITALS = {"Halden": "Q1"}
QUAKE = (
    "A magnitude 6.4 earthquake struck northern Kelvania early on Monday, killing at least 12 "
    "people and injuring 80. Dozens of houses collapsed in the town of Brenholt, the interior "
    "ministry said. Rescue teams with dogs are searching the rubble for survivors. Schools in the "
    "region will stay closed until Thursday."
)


def made(body: str, title: str = "", points: tuple[str, ...] = (), source: str = "wire") -> Json:
    article = Article(
        item_id="any",
        source=Source(name=source),
        language="en",
        title=title,
        body=body,
        key_points=points,
        provenance=Provenance(
            origin="-",
            format="text",
            raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
            sha256="0",
        ),
    )
    mentions = tuple(
        Mention(
            field=field,
            start=found.start(),
            end=found.end(),
            surface=found.group(),
            type="GPE",
            entity_id=ACTORS[found.group()],
            metonym_of=CAPITALS.get(found.group()),
            confidence=1,
        )
        for field, text in article.fields()
        for found in re.finditer("|".join(ACTORS), text)
    )
    at = datetime(2024, 1, 1, tzinfo=UTC)
    tagged = TaggedArticle(article=article, version=1, decision=1, at=at, entities=mentions)
    return extract(tagged, sentences(article))


def idf(stem: str) -> float:
    return 8.0 if stem[:1].isdigit() else min(8.0, 2.0 + 0.6 * len(stem))


def after(new: Json, *earlier: Json) -> Assessment:
    memory = EventMemory()
    for number, each in enumerate(earlier):
        memory.add(f"old-{number}", each)
    return assess("new", new, memory, idf)


def labels(found: Assessment) -> list[str]:
    return [sentence.label for sentence in found.novelty.sentences]


def test_the_first_article_opens_and_all_of_it_is_new() -> None:
    found = after(made(QUAKE, "Earthquake in northern Kelvania"))
    assert found.relation == "opens"
    assert found.novelty.score == 1.0
    assert set(labels(found)) == {"NEW"}
    assert found.novelty.entities_new == ("Q3", "Q6")


def test_a_statement_made_twice_in_one_article_counts_once() -> None:
    line = "The ferry Alma sank near the harbour wall with forty cars on deck."
    found = after(made(f"{line} Divers went down at noon to look for the captain. {line}"))
    assert labels(found) == ["NEW", "NEW", "KNOWN"]
    nearest = found.novelty.sentences[2].nearest
    assert nearest is not None
    assert (nearest.item_id, nearest.start) == ("new", 0)


def test_a_line_of_credit_is_no_first_mention() -> None:
    """Else a caption takes the sentence behind it for said, and neither is new."""
    line = "The ferry Alma sank near the harbour wall with forty cars on deck."
    found = after(made(f"Photo: {line}\n\n{line}"))
    assert labels(found) == ["KNOWN", "NEW"]


@pytest.mark.parametrize(
    "body",
    [
        QUAKE,
        QUAKE.rsplit(".", 2)[0] + ".",
        QUAKE + "\n\nReporting by Jane Doe; Editing by John Roe",
    ],
)
@pytest.mark.parametrize("source", ["wire", "another"])
def test_a_copy_repeats_whoever_sends_it(body: str, source: str) -> None:
    found = after(made(body, "Ruins in Kelvania", source=source), made(QUAKE, "Kelvania quake"))
    assert found.relation == "repeats"
    assert found.facts == ()


def test_the_same_news_in_other_words_confirms() -> None:
    retold = (
        "At least 12 people were killed and 80 injured when a 6.4-magnitude quake hit the north of "
        "Kelvania on Monday morning. In Brenholt dozens of houses collapsed, according to the "
        "interior ministry. Rescuers searched the rubble with dogs for survivors."
    )
    found = after(made(retold, source="another"), made(QUAKE))
    assert found.relation == "confirms"
    assert found.novelty.score == 0.0


def test_a_new_statement_among_known_ones_updates() -> None:
    dam = "Engineers found cracks in the Ostrel dam and warned villages downstream of a flood."
    found = after(made(QUAKE + " " + dam), made(QUAKE))
    assert found.relation == "updates"
    assert labels(found) == ["KNOWN"] * 4 + ["NEW"]
    assert [fact.text for fact in found.facts] == [dam]
    assert 0 < found.novelty.score < 0.5


def test_a_new_figure_revises_even_in_a_copy() -> None:
    found = after(made(QUAKE.replace("12", "19")), made(QUAKE))
    assert found.relation == "updates"
    assert labels(found)[0] == "REVISES"
    changes = [(c.slot, c.old, c.new, c.bound) for c in found.novelty.figures]
    assert changes == [("dead", 12.0, 19.0, "at least")]


def test_a_headline_alone_adds_nothing_that_the_text_does_not_bear_out() -> None:
    found = after(made(QUAKE, "Shock, tears and heroism beneath shattered roofs"), made(QUAKE))
    assert found.relation == "repeats"


def test_lines_about_the_article_are_never_new() -> None:
    found = after(
        made("This summary has been generated by AI.\nhttps://example.org/x"), made(QUAKE)
    )
    assert labels(found) == ["KNOWN", "KNOWN"]


@pytest.mark.parametrize(
    ("body", "claimants", "deniers"),
    [
        ("Ostravia and Kelvania have accused Ferrania of spying, a claim both Halden and Ferrania "
         "deny.", ("Q2", "Q3"), ("Q1", "Q4")),
        ("Norvia accused Ostravia of shelling a town. Ostravia rejected the accusation.",
         ("Q1",), ("Q2",)),
        ("Norvia, Kelvania and Brenholt blamed Ostravia for it, which Ostravia denies.",
         ("Q1", "Q3", "Q6"), ("Q2",)),
        ("The allegation by Norvia that grain was stolen was rejected by Ostravia.",
         ("Q1",), ("Q2",)),
        ("Mara Olsen alleged that Ferrania had paid bribes. The company denies the charge.",
         ("Q5",), ("Q4",)),
        ("Ostravia was accused by Norvia of spying, but Ostravia dismissed the charges as absurd.",
         ("Q1",), ("Q2",)),
        ("Norvia said Ostravia had fired first. Ostravia called the claim false.",
         ("Q1",), ("Q2",)),
        ("Ferrania has denied any wrongdoing.", (), ("Q4",)),
        ("Norvia accuses Ostravia of jamming radio signals, which Kelvania rejects.",
         ("Q1",), ("Q3",)),
        ("Norvia accuses Ostravia of jamming radio signals; Ostravia rejects this.",
         ("Q1",), ("Q2",)),
        ("Ostravia rejects Norvia's claim that wells were poisoned.", ("Q1",), ("Q2",)),
        ("Norvia said 40 soldiers had fallen. Ostravia disputes the number.", ("Q1",), ("Q2",)),
        ("Ferrania disputed the toll.", (), ("Q4",)),
    ],
)  # fmt: skip
def test_a_denied_claim_has_two_sides(
    body: str, claimants: tuple[str, ...], deniers: tuple[str, ...]
) -> None:
    (dispute,) = after(made(body)).novelty.disputes
    assert (dispute.claimants, dispute.denied_by) == (claimants, deniers)
    assert "DISPUTES" in labels(after(made(body), made(QUAKE)))


@pytest.mark.parametrize(
    "body",
    ["The court denied bail to Mara Olsen.", "Ostravia rejected the bill on Monday.",
     "Norvia accused Ostravia of spying.", "The claim that it was theft has been denied.",
     "Ostravia rejected a number of offers."],
)  # fmt: skip
def test_without_a_denied_claim_there_is_no_dispute(body: str) -> None:
    assert after(made(body)).novelty.disputes == ()


def test_a_dispute_that_the_event_holds_is_known() -> None:
    body = "Norvia accused Ostravia of shelling the border town. Ostravia denies it."
    found = after(made(body, source="another"), made(body))
    assert found.novelty.disputes == ()
    assert set(labels(found)) == {"KNOWN"}


def test_an_extract_is_json_and_bounded() -> None:
    body = " ".join(f"Item {n} speaks of {'word ' * 120}end{n}." for n in range(90))
    value = made(body)
    assert orjson.loads(orjson.dumps(value)) == value
    assert len(value["statements"]) == 40
    assert max(len(each["text"]) for each in value["statements"]) == 400


def test_assessing_from_stored_extracts_gives_the_same() -> None:
    new, old = made(QUAKE.replace("80", "95")), made(QUAKE)
    stored = orjson.loads(orjson.dumps(old))
    assert after(orjson.loads(orjson.dumps(new)), stored) == after(new, old)
