"""A dossier as one HTML file that needs nothing else: no script, no request, no cookie.

Its policy allows this one style sheet, by hash, and nothing more. So even markup that slipped
through could load and run nothing.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from streams.dossier import words
from streams.dossier.markup import Html, element, foreign, joined
from streams.dossier.record import Disputed, Dossier, Entry, Figure, Moment, Reference, Statement

_STYLE = Path(__file__).with_name("page.css").read_text("utf-8")
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    f"{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
_SAID = {"+": "new", "~": "revised", "!": "disputed"}


def page(dossier: Dossier) -> bytes:
    """The whole file. Equal dossiers give equal bytes."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{dossier.title} · {dossier.event_id}"),
        element("style", Html(_STYLE)),
    )
    body = element("body", element("main", element("article", _Body(dossier).sections())))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n".encode()


class _Body:
    """The sections; an article on the timeline can be pointed at."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._places = {e.item_id: f"a{n}" for n, e in enumerate(dossier.timeline, 1)}

    def sections(self) -> Iterator[Html]:
        """Every section that holds something."""
        dossier = self._dossier
        yield self._header()
        yield from _section(words.SUMMARY, (self._list(dossier.summary),))
        yield from _section(words.TIMELINE, self._timeline())
        yield from _section(words.FIGURES, map(self._figure, dossier.figures))
        yield from _section(words.DISPUTES, map(self._dispute, dossier.disputes))
        yield from _section(
            words.FACTS, (self._list(dossier.facts), _left_out(dossier.facts_left_out, "fact"))
        )
        yield from _section(words.SOURCES, self._sources())
        yield from _section(words.counted(words.MEMBERS, dossier), self._members())
        yield from _section(words.LINEAGE, (_items(map(foreign, dossier.lineage)),))

    def _header(self) -> Html:
        dossier = self._dossier
        rows = (
            element("div", element("dt", name), element("dd", foreign(value)))
            for name, value in dossier.head
        )
        title = element("h1", foreign(dossier.title, dossier.language))
        return element("header", title, element("dl", rows), class_=dossier.status)

    def _list(self, rows: Iterable[Statement]) -> Html:
        return _items((_marked(row.mark, row.text), self._source(row.source)) for row in rows)

    def _timeline(self) -> Iterator[Html | None]:
        dossier = self._dossier
        entries = tuple(map(self._entry, dossier.timeline))
        if dossier.timeline_left_out:
            yield element("ol", entries[: dossier.timeline_gap], class_="timeline")
            yield _left_out(dossier.timeline_left_out, "article")
            entries = entries[dossier.timeline_gap :]
        if entries:
            yield element("ol", entries, class_="timeline")
            yield element("p", words.LEGEND, class_="note")

    def _entry(self, entry: Entry) -> Html:
        title = foreign(words.titled(entry), entry.language)
        if entry.url:
            title = element("a", title, href=entry.url, rel="noopener noreferrer nofollow")
        added = [element("li", foreign(text), class_="figure") for text in entry.figures]
        added += [element("li", _marked("!", text), class_="dispute") for text in entry.disputes]
        added += [element("li", _marked(mark, text)) for mark, text in entry.sentences]
        if entry.more:
            added.append(element("li", words.left_out(entry.more, "sentence"), class_="note"))
        about = element(
            "p", _time(words.dated(entry)), " ",
            element("b", entry.relation, class_=entry.relation), " ",
            foreign(entry.source), *map(_more, words.about(entry)), class_="about",
        )  # fmt: skip
        listed = element("ul", added, class_="added") if added else None
        return element("li", about, element("h3", title), listed, id=self._places[entry.item_id])

    def _figure(self, figure: Figure) -> Html:
        rows = (
            (
                foreign(value.text),
                f" as of {value.as_of}" if value.as_of else None,
                self._source(value.source),
            )
            for value in figure.values
        )
        return joined(element("h3", foreign(figure.text), class_="figure"), _items(rows))

    def _dispute(self, row: Disputed) -> Html:
        claim = element("blockquote", _marked("!", row.claim), self._source(row.source))
        sides = _items((foreign(row.claimed_by), foreign(row.denied_by)))
        return element("div", claim, sides, class_="dispute")

    def _sources(self) -> Iterator[Html | None]:
        spread = self._dossier.sources
        if spread.publishers:
            yield _items(map(foreign, spread.lines))
            yield _table(words.SOURCE_COLUMNS, map(words.source_cells, spread.publishers))
        yield _left_out(spread.publishers_left_out, "source")

    def _members(self) -> Iterator[Html | None]:
        yield _left_out(self._dossier.members_left_out, "article")
        if self._dossier.members:
            yield _table(words.MEMBER_COLUMNS, map(words.member_cells, self._dossier.members))

    def _source(self, source: Reference) -> Html:
        """Who said it and when; leads to the article on the timeline."""
        place = self._places.get(source.item_id)
        label = foreign(source.label)
        linked = element("a", label, href=f"#{place}") if place else label
        return joined(" ", element("cite", linked))


def _section(heading: str, parts: Iterable[Html | None]) -> Iterator[Html]:
    held = joined(*parts)
    if held:
        yield element("section", element("h2", heading), held)


def _items(rows: Iterable[Html | Iterable[str | Html | None]]) -> Html:
    """A list, or nothing."""
    found = [element("li", row) for row in rows]
    return element("ul", found) if found else Html()


def _marked(mark: str, text: str) -> Html:
    if not mark:
        return foreign(text)
    sign = element("abbr", mark, title=_SAID[mark], class_=_SAID[mark])
    return joined(sign, " ", foreign(text))


def _time(moment: Moment) -> Html:
    if moment.at is None:
        return element("span", moment.text)
    exact = moment.precision == "exact"
    stated = f"{moment.at:%Y-%m-%dT%H:%M:%SZ}" if exact else f"{moment.at:%Y-%m-%d}"
    return element("time", moment.text, datetime=stated)


def _more(text: str) -> Html:
    return joined(", ", foreign(text))


def _left_out(count: int, word: str) -> Html | None:
    return element("p", words.left_out(count, word), class_="note") if count else None


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Html:
    """On a narrow screen each row is a card: then a cell is named by its ``data-name``."""
    head = element("tr", (element("th", name, scope="col") for name in columns))
    body = (element("tr", map(_cell, columns, cells)) for cells in rows)
    return element("table", element("thead", head), element("tbody", body))


def _cell(column: str, text: str) -> Html:
    return element("td", foreign(text), data_name=column)
