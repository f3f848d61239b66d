"""Articles that nobody wrote to be read: bounded work, bounded state, correct places."""

import time
from collections.abc import Sequence

import orjson
import pytest

from streams.events.background import background
from streams.novelty.assess import Assessment, assess, extract_sentences
from streams.novelty.memory import EventMemory, Json
from streams.novelty.revisions import MAX_FIGURES
from streams.novelty.statements import MAX_STATEMENTS
from streams.text.sentences import Sentence, sentence_of, spans

BOUND = 32_000  # bytes of one article's extract
SECONDS = 2.0

REPEATED = "The blast in Varn killed 20 people. " * 10_000
NUMBERS = "12 4,500 3.1415 1999 7/8 10:45 -3 +44 1e9 0x1F 99% $5 "
FIGURES = " ".join(f"The blast killed {n} people and injured {n + 7}." for n in range(20, 5_020))
KLINGON = "Qapla batlh je tlhIngan maH vam DaHjaj loS wej cha pagh yIn nI'. "
THAI = "เกิดเหตุระเบิดในเมืองวาร์นมีผู้เสียชีวิต 20 คน บาดเจ็บ 30 คน "
RTL = "قتل 20 شخصا في انفجار في مدينة فارن وأصيب 30 آخرون. "
LINES = [
    REPEATED,
    NUMBERS * 2_000,
    FIGURES,
    KLINGON * 500,
    THAI * 500,
    RTL * 500,
    "😀 20 dead in Varn 🚒. " * 500,
    "\u202eThe blast killed\u202c 20 people.\u0000\u0301\u0301 " * 500,
]
NAMES = ["repeated", "numbers", "figures", "unknown", "thai", "arabic", "astral", "control"]


def cut(text: str, language: str) -> Sequence[Sentence]:
    return [
        sentence_of("body", start, text[start:end]) for start, end in spans(text[:40_000], language)
    ]


def read(text: str, language: str = "en") -> Json:
    return extract_sentences(cut(text, language), (), language)


def after(extract: Json, *earlier: Json) -> Assessment:
    memory = EventMemory()
    for number, each in enumerate(earlier):
        memory.add(str(number), each)
    return assess("new", extract, memory, background().idf)


@pytest.mark.parametrize("language", ["en", "th", "xx"])
@pytest.mark.parametrize("text", LINES, ids=NAMES)
def test_a_hostile_article_is_bounded_and_keeps_its_places(text: str, language: str) -> None:
    began = time.process_time()
    extract = read(text, language)
    found = after(extract, extract, read("The blast in Varn killed 19 people."))
    assert time.process_time() - began < SECONDS
    assert len(orjson.dumps(extract)) < BOUND
    assert len(extract["statements"]) <= MAX_STATEMENTS
    assert len(extract["figures"]) <= MAX_FIGURES
    for each in found.novelty.sentences:
        assert text[each.start : each.end].startswith(each.text)
        assert 0.0 <= each.novelty <= 1.0


def test_a_sentence_said_ten_thousand_times_is_said_once() -> None:
    found = after(read(REPEATED), read("Varn is a town with a port and two bridges."))
    labels = [each.label for each in found.novelty.sentences]
    assert labels[0] == "NEW"
    assert set(labels[1:]) == {"KNOWN"}
    assert len(found.facts) == 1


def test_numbers_alone_count_nothing() -> None:
    found = after(read(NUMBERS * 2_000), read("The blast in Varn killed 19 people."))
    assert [each for each in found.novelty.figures if each.old is not None] == []


def test_the_same_text_in_a_language_without_support_adds_nothing() -> None:
    for text in (KLINGON, THAI, RTL):
        extract = read(text * 3, "xx")
        assert after(extract, extract).novelty.score == 0.0
