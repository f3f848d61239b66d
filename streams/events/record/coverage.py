"""Who reports an event: counts over all of its members, and the earliest reports.

Names are counted up to a cap, first come first counted; what is beyond it shows in the rests.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.events import Count, FirstReport, Member, Spread
from streams.events.record.fold import ordered

Json = dict[str, Any]

PUBLISHERS_COUNTED = 48
PUBLISHERS_SHOWN = 24
RATINGS = 8
EARLIEST = 4  # reports that are kept, so that the next one is known when the first is killed


class Coverage:
    """Counts by publisher and rating, [said to be AI-generated, said not to be], and reports.

    ``copies`` are those of a publisher that copy another publisher's article.
    """

    def __init__(self) -> None:
        self.publishers: dict[str, int] = {}
        self.copies: dict[str, int] = {}
        self.ratings: dict[str, int] = {}
        self.machine = [0, 0]
        self.earliest: list[FirstReport] = []

    def copy(self) -> "Coverage":
        """One that can be changed without changing this one."""
        twin = Coverage()
        twin.publishers, twin.ratings = dict(self.publishers), dict(self.ratings)
        twin.copies = dict(self.copies)
        twin.machine, twin.earliest = list(self.machine), self.earliest
        return twin

    def add(self, member: Member, counted: Sequence[Any]) -> None:
        """The next member, and what is counted of it (``digest.counted``)."""
        self._count(counted, 1)
        last = self.earliest[-1] if len(self.earliest) == EARLIEST else None
        report = _report(member)
        if last is None or report.sort_key < last.sort_key:
            rows = sorted([*self.earliest, report], key=lambda row: row.sort_key)
            self.earliest = rows[:EARLIEST]

    def join(self, other: "Coverage") -> None:
        """The members of another event."""
        for name, count in other.publishers.items():
            _step(self.publishers, name, count, PUBLISHERS_COUNTED)
            self._copied(name, other.copies.get(name, 0))
        for name, count in other.ratings.items():
            _step(self.ratings, name, count, RATINGS)
        self.machine = [one + two for one, two in zip(self.machine, other.machine, strict=True)]
        rows = sorted([*self.earliest, *other.earliest], key=lambda row: row.sort_key)
        self.earliest = rows[:EARLIEST]

    def strip(self, item_id: str, was: Sequence[Any] | None) -> None:
        """Take out a member; ``was`` is what was counted of it, if that is known still."""
        if was:
            self._count(was, -1)
        self.earliest = [row for row in self.earliest if row.item_id != item_id]

    def _count(self, member: Sequence[Any], by: int) -> None:
        publisher, rating, machine, *copies = member  # rows of earlier releases have no fourth
        _step(self.publishers, publisher, by, PUBLISHERS_COUNTED)
        self._copied(publisher, by if any(copies) else 0)
        if rating:
            _step(self.ratings, rating, by, RATINGS)
        if machine is not None:
            self.machine[not machine] = max(0, self.machine[not machine] + by)

    def _copied(self, publisher: str, by: int) -> None:
        """More copies, or fewer; never more than articles are counted."""
        count = min(self.copies.get(publisher, 0) + by, self.publishers.get(publisher, 0))
        if count > 0:
            self.copies[publisher] = count
        else:
            self.copies.pop(publisher, None)

    # --- as JSON, to be kept in a row --------------------------------------------------------

    def row(self) -> Json:
        """The counts as plain JSON."""
        return {
            "publishers": self.publishers,
            "copies": self.copies,
            "ratings": self.ratings,
            "machine": self.machine,
            "earliest": [
                row.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
                for row in self.earliest
            ],
        }

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Coverage":
        """The counts of a row; empty where it is from a release that counted nothing."""
        found = cls()
        found.publishers = dict(row.get("publishers", ()))
        found.copies = dict(row.get("copies", ()))
        found.ratings = dict(row.get("ratings", ()))
        found.machine = list(row.get("machine", (0, 0)))
        found.earliest = [FirstReport.model_validate(each) for each in row.get("earliest", ())]
        return found

    # --- as records --------------------------------------------------------------------------

    def first(self) -> FirstReport | None:
        """Who reported first."""
        return self.earliest[0] if self.earliest else None

    def shown(self, before: Iterable[Count]) -> tuple[Count, ...]:
        """The publishers with most articles; rows that stand in ``before`` just so are reused."""
        known = {(row.name, row.articles, row.copies): row for row in before}
        ranked = sorted([(-count, name) for name, count in self.publishers.items()])
        shown = [
            (name, -count, self.copies.get(name, 0)) for count, name in ranked[:PUBLISHERS_SHOWN]
        ]
        return tuple([known.get(row) or _row(*row) for row in shown])

    def independent(self) -> int:
        """Publishers that are counted and do more than copy others; somebody always was first."""
        found = sum([n > self.copies.get(name, 0) for name, n in self.publishers.items()])
        return found or min(1, len(self.publishers))

    def spread(self, members: int, shown: Iterable[Count]) -> Spread:
        """The counts beside the publishers; what no list has is the rest of all ``members``."""
        made, not_made = self.machine
        return Spread(
            others=members - sum([row.articles for row in shown]),
            independent=self.independent(),
            copies=sum(self.copies.values()),
            bias_ratings=ordered(
                [Count(name=name, articles=count) for name, count in self.ratings.items()]
            ),
            bias_unknown=members - sum(self.ratings.values()),
            ai_generated=made,
            ai_not=not_made,
            ai_unknown=members - made - not_made,
            ai_share=round(made / members, 4) if made + not_made else None,
        )


def _row(name: str, articles: int, copies: int) -> Count:
    return Count(name=name, articles=articles, copies=copies)


def _report(member: Member) -> FirstReport:
    return FirstReport(
        item_id=member.item_id,
        source=member.source,
        publisher=member.publisher,
        at=member.published_at if member.published_precision is None else None,
        joined_at=member.joined_at,
    )


def _step(counts: dict[str, int], name: str, by: int, cap: int) -> None:
    """One more or one less, if the name is counted or may be."""
    count = counts.get(name, 0) + by
    if count <= 0:
        counts.pop(name, None)
    elif name in counts or len(counts) < cap:
        counts[name] = count
