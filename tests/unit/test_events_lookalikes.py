"""The look-alike sets are what their benchmark takes them for, and it counts right."""

from benchmarks.events_lookalikes import FOLDER, LANGUAGES, Group, _result, groups

GROUPS = groups(sorted(FOLDER.glob("*.toml")))


def test_every_group_can_be_wrong():
    """Two articles or more, each with a name of its own."""
    ids = [row["id"] for group in GROUPS for row in group.rows]
    assert len(ids) == len(set(ids))
    assert all(len(group.rows) > 1 for group in GROUPS)


def test_the_sets_hold_what_they_promise():
    """Some forty groups in English of both kinds, and fifteen events told in several languages."""
    english = [group for group in GROUPS if group.theme != LANGUAGES]
    foreign = [group for group in GROUPS if group.theme == LANGUAGES]
    assert {row["language"] for group in english for row in group.rows} == {"en"}
    assert all(len({row["language"] for row in group.rows}) > 1 for group in foreign)
    kinds = [group.kind for group in english]
    assert kinds.count("apart") >= 20
    assert kinds.count("meet") >= 15
    assert [group.kind for group in foreign].count("meet") >= 15


def test_dated_and_undated_titles_and_texts_are_there():
    """What a wire brings."""
    rows = [row for group in GROUPS for row in group.rows]
    assert {bool(row["published_at"]) for row in rows} == {True, False}
    lengths = [len(row["body"].split()) for row in rows]
    assert min(lengths) == 0
    assert max(lengths) > 120


def test_a_group_is_right_if_every_pair_is():
    """Three articles: two meet, one stays apart."""
    rows = tuple({"id": name, "event_id": name[0]} for name in ("a1", "a2", "b1"))
    group = Group("theme", "name", rows)
    assert group.kind == "both"
    assert _result(group, {"a1": "x", "a2": "x", "b1": "y"}).is_right
    glued = _result(group, {"a1": "x", "a2": "x", "b1": "x"})
    assert (glued.together, glued.apart) == ((True,), (False, False))
    assert not _result(group, {"a1": "x", "a2": "z", "b1": "y"}).is_right
