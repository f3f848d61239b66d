"""A pattern finds nothing where the cheap first look sees no sign of it."""

from hypothesis import example, given
from hypothesis import strategies as st

from streams.novelty import captivity, disputes, figure_words, figures, open_slots, ranges
from streams.novelty import revisions as read_revisions
from streams.novelty.signs import KINDS, signs

PATTERNS = {
    "claim": (disputes._CLAIM,),
    "denial": (disputes._DENY,),
    "refusal": (disputes._DENY_CHARGE, disputes._DENY_WHICH),
    "said": (disputes._SAID,),
    "fear": (figure_words.DOUBTED,),
    "former": (
        figure_words.FORMER,
        figure_words.LONG_AGO,
        figures._FORMER_AFTER,
        figures._YEARS_AFTER,
    ),
    "part": (figure_words.PART, figure_words.PART_BEFORE),
    "alone": (figures._ALONE,),
    "span": (figure_words.SPAN,),
    "captive": (
        captivity._HELD_BEFORE,
        captivity._HELD_AFTER,
        captivity._FREED_BEFORE,
        captivity._FREED_AFTER,
    ),
    "scale": (figure_words.VAGUE, figure_words.DOZEN, figure_words.A_SCALE),
    "capacity": (ranges.CAPACITY,),
    "correcting": (read_revisions._CORRECTING,),
    "correction": (open_slots._CORRECTS,),
    "formerly": (open_slots._FORMERLY,),
    "named": (read_revisions._NAMED,),
    **{sign: (means,) for sign, means in read_revisions._MEANS},
}
WORDS = """a the of that it them had been being still are were is by as in since all one both and
said says could feared expected predicted accused claims claimed alleging denied denies rejected
dismissed accusations called baseless lies bestreitet wirft acusa niega rechaza two years year ago
after 1998 2019 earlier last previously anniversary among whom including davon dont alone hostages
captives held seized inside freed released rescued let go men hundreds dozen dozens million tens
lower revised corrects correction counted twice nach unten down berichtigung first count initial
licensed for allowed to can carry room space capacity able hold which , estimate
until then hatten nur zuvor primer balance previous report so
far originally 12
40 this year diesem jahr este año cette année when hace ans, seit Typhoon Flight Storm Nora 7
lorries minibus coach van trains derailed carriages helicopters jets ferries dinghy ship""".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@given(TEXTS)
@example("of them two years ago in 1998 alone")
@example("He Called It A Complete Lie.")
def test_no_match_without_a_sign(text: str) -> None:
    found = signs(text)
    for name, patterns in PATTERNS.items():
        assert name in found or not any(pattern.search(text) for pattern in patterns)


@given(TEXTS)
def test_the_case_of_letters_does_not_matter(text: str) -> None:
    assert signs(text) == signs(text.upper()) == signs(text.title())


def test_kinds_of_incident_are_read_by_their_signs() -> None:
    assert signs("A heat wave after the Flooding") & set(KINDS) == {"heat", "flood"}
    assert not signs("Nothing of note.")
