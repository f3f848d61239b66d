"""Other forms of a training text keep its names, and sets with fewer types leave more open."""

import gzip
import json
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.tagging.decode import LABELS
from streams.tagging.training.corpus import SCHEMES, example, examples
from streams.tagging.training.variants import recase, tighten, variants

TEXT = "The US - led bank’ s chief met Anna - Marie Kolb of U. S. Steel ” here - Jan left."
NAMES = ["US", "Anna - Marie Kolb", "U. S. Steel"]


def marked(text, names):
    return [
        {"start": text.index(n), "end": text.index(n) + len(n), "type": "PERSON"} for n in names
    ]


def test_machine_spacing_is_mended_and_names_move_along():
    text, entities = tighten(TEXT, marked(TEXT, NAMES))
    assert text == "The US-led bank’s chief met Anna-Marie Kolb of U.S. Steel ” here - Jan left."
    surfaces = [text[e["start"] : e["end"]] for e in entities]
    assert surfaces == ["US", "Anna-Marie Kolb", "U.S. Steel"]


@given(st.text(alphabet="aB -’s.\n", max_size=60), st.integers(0, 99))
def test_recasing_changes_no_length(text, seed):
    changed = recase(text, Random(seed))
    assert len(changed) == len(text)
    assert changed.casefold() == text.casefold()


def test_each_form_comes_once_and_the_text_itself_first():
    forms = [text for text, _ in variants("Plain words here.", [], seed=0)]
    assert forms[0] == "Plain words here."
    assert len(set(forms)) == len(forms)


def allowed(scheme, kind):
    made = example(
        "Anna Velmar spoke", [{"start": 0, "end": 11, "type": kind}], SCHEMES[scheme]
    ).allowed
    return [{LABELS[n] for n in np.flatnonzero(row)} for row in made]


def test_a_name_may_only_be_what_its_set_says():
    assert allowed("ww_train", "PERSON") == [{"B-PERSON"}, {"I-PERSON"}, {"O"}]


def test_a_set_with_fewer_types_leaves_more_open():
    first, second, outside = allowed("wikigold", "MISC")
    assert first == {"B-MISC", "B-NORP", "B-PRODUCT", "B-EVENT"}
    assert second == {"I-MISC", "I-NORP", "I-PRODUCT", "I-EVENT"}
    assert "B-DATE" in outside  # dates are not annotated there
    assert "B-PERSON" not in outside


def test_an_event_is_told_by_its_words_in_a_set_without_events():
    text = "The Torvel Cup began"
    made = example(text, [{"start": 4, "end": 14, "type": "MISC"}], SCHEMES["ww_train"])
    assert LABELS[int(np.flatnonzero(made.allowed[1])[0])] == "B-EVENT"


@pytest.fixture
def folder(tmp_path):
    row = {"id": "1", "text": "Anna Velmar spoke.\n" * 400, "entities": []}
    for name in SCHEMES:
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as file:
            file.write(json.dumps(row) + "\n")
    return tmp_path


def test_rows_of_loose_sentences_are_cut(folder):
    assert len(list(examples(folder, "ww_train", seed=0))) == 1
    assert len(list(examples(folder, "crossner_politics_train", seed=0))) == 2
