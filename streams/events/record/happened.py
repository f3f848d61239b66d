"""On which day an article's news happened, as its text says it.

A text names many days: of the news, of its background, of what is planned. Only one near the time
of publication, in a statement that the article adds, may place the article on its event's timeline.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from schemas.tagged import DateValue, Mention, TaggedArticle
from streams.novelty.statements import NOTE, dateline

Json = dict[str, Any]

MAX_DAYS = 8  # statements of one article whose day is kept
BACK = 10  # days before publication that news may lie
# The same for a mere "Wednesday": one further back is mostly the next one, whose tense was missed.
WEEKDAY_BACK = 3
AHEAD = 3  # days behind publication: an announcement
OPENING = 3  # statements of an opener that may name its day


def stated_days(tagged: TaggedArticle, statements: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """[field, start, ISO day] of the statements that name a day near the article's time."""
    published = tagged.article.published_at
    if published is None or tagged.article.published_precision == "unknown":
        return []
    near = [
        (mention, day)
        for mention in tagged.entities
        if (day := _near(mention, published.date())) is not None
    ]
    found = []
    for each in statements if near else ():
        days = list(_inside(each, near))
        if days and not each.get("skip"):
            day = _of_news(days, published.date())
            found.append([each["field"], each["start"], day.isoformat()])
    return found[:MAX_DAYS]


def happened(told: Mapping[str, Any], days: Sequence[Sequence[Any]]) -> str | None:
    """The ISO day of what the article told; None: no near day is stated with it.

    An opener tells it in its title or its first statements, an update in its title or its main
    statement. A revised figure stands as of its article: the day beside it is that of the event
    ("the toll of Monday's quake rose").
    """
    if not days:
        return None
    known = {(field, start): day for field, start, day in days}
    opens = told["relation"] == "opens"
    facts = [row for row in told["facts"] if row["source"]["field"] not in ("title", NOTE)]
    titled = opens or any(row["label"] == "NEW" and _in_title(row) for row in told["facts"])
    main = [row for row in facts[: OPENING if opens else 1] if row["label"] != "REVISES"]
    places = [("title", 0)] if titled else []
    places += [(row["source"]["field"], row["source"]["start"]) for row in main]
    return next((known[place] for place in places if place in known), None)


def _in_title(fact: Mapping[str, Any]) -> bool:
    return bool(fact["source"]["field"] == "title")


def _near(mention: Mention, published: date) -> date | None:
    """The one day that a mention means, if it is near the publication."""
    value = mention.value
    if not isinstance(value, DateValue) or value.precision != "day":
        return None
    dated = any(map(str.isdigit, mention.surface))
    back = (published - value.start).days
    return value.start if -AHEAD <= back <= (BACK if dated else WEEKDAY_BACK) else None


def _inside(each: Mapping[str, Any], near: Iterable[tuple[Mention, date]]) -> Iterator[date]:
    """Days named in a statement, but for the one of its dateline."""
    begin = each["start"] + dateline(each["text"])
    for mention, day in near:
        if mention.field == each["field"] and begin <= mention.start < each["end"]:
            yield day


def _of_news(days: Sequence[date], published: date) -> date:
    """The latest that has come: the earlier ones are background. Else the first to come."""
    past = [day for day in days if day <= published]
    return max(past) if past else min(days)
