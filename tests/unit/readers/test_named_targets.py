"""Orders that state no id of their target: which formats name it, and what then comes out."""

import json

import pytest

from schemas.article import Article, ItemControl, NamedTarget
from tests.unit.readers.reading import article, records, slug
from tests.unit.readers.test_json_wires import ninjs
from tests.unit.readers.test_newsml_g2 import item


def line(**fields):
    return json.dumps({"id": "k", "version": 2, "pub_status": "canceled", **fields}).encode()


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"slug": " dam  burst\n"}, NamedTarget(slug="dam burst")),
        ({"number": 417}, NamedTarget(number="417")),
        ({"number": "0417", "headline": "Dam bursts"},
         NamedTarget(number="0417", headline="Dam bursts")),
    ],
)  # fmt: skip
def test_a_line_may_name_its_target(stated, named):
    (order,) = records(line(refers_to=stated))
    assert isinstance(order, ItemControl)
    assert (order.item_id, order.notice_id, order.notice_version) == ("k", "k", 2)
    assert (order.action, order.named) == ("kill", (named,))


def test_ids_and_names_may_stand_together():
    orders = records(line(refers_to=["a", {"slug": "b"}, {"slug": "c"}]))
    assert [(o.item_id, len(o.named or ())) for o in orders] == [("a", 0), ("k", 2)]


@pytest.mark.parametrize("stated", [{}, {"slug": ""}, {"slug": ["x"]}, {"title": "x"}])
def test_an_object_that_names_nothing_is_refused(stated):
    assert slug(line(refers_to=stated)) == "bad-field"


def test_on_a_usable_line_a_name_orders_nothing():
    found = article(line(pub_status="usable", refers_to={"slug": "x"}, title="A title", body="It."))
    assert (found.status, found.refers_to) == ("usable", None)


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ({"slugline": "dam"}, NamedTarget(slug="dam")),
        ({"altids": {"number": 417}}, NamedTarget(number="417")),
        ({"altIds": [{"role": "n", "value": "417"}], "headline": "Dam"},
         NamedTarget(number="417", headline="Dam")),
        ({"headlines": [{"role": "main", "value": "Dam"}]}, NamedTarget(headline="Dam")),
    ],
)  # fmt: skip
def test_a_ninjs_association_without_uri_names_its_target(target, named):
    """The item withdraws itself as well, as it does where it names others by id."""
    kills = [{"rel": "kills", **target}, {"rel": "seeAlso", "headline": "Other"}]
    order, own = records(ninjs(pubStatus="canceled", associations=kills))
    assert (order.item_id, order.named) == ("urn:wire:7", (named,))
    assert isinstance(own, Article)
    assert (own.item_id, own.status) == ("urn:wire:7", "canceled")


def test_a_g2_link_without_a_target_names_it_by_its_title():
    meta = (
        '<pubStatus qcode="stat:canceled"/>'
        '<link rel="irel:kills"><title>Dam bursts</title><altId>417</altId></link>'
        '<link rel="irel:seeAlso"><title>Other</title></link>'
    )
    order, own = records(item(meta))
    assert order.named == (NamedTarget(number="417", headline="Dam bursts"),)
    assert own.status == "canceled"


def test_a_slugline_of_the_kill_itself_names_nobody():
    found = article(ninjs(pubStatus="canceled", slugline="dam", headline="Dam bursts"))
    assert (found.item_id, found.status) == ("urn:wire:7", "canceled")
