"""One made-up story in every format that the readers know, for benchmarks and tests.

People, places and papers are fictional. Each maker writes what its specification has a place for.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

PARAGRAPHS = (
    "TORVEL, Norland (Delta Wire) - A storm closed the harbour of Torvel on Monday, and twelve "
    "ships wait off the coast, the port authority said.",
    "Winds of 140 km/h tore the roof off a warehouse on the eastern pier. Nobody was hurt, said "
    "Mara Lindqvist, the harbour master, who spoke of the hardest night in years.",
    "Ferries to Ruzna and Kelmar stay in port until Wednesday. The council opened two schools for "
    "travellers who found no room, and asked people to keep away from the sea wall.",
)
SECRET = "Desk: call the harbour master before use"


@dataclass(frozen=True)
class Story:
    """What one item says. ``paragraphs`` are repeated for longer items."""

    item_id: str = "urn:newsml:deltawire.example:20310303:torvel-storm"
    version: int = 3
    status: str = "usable"
    title: str = "Storm closes harbour & ferries of Torvel"
    lead: str = "Twelve ships wait off the largest port of Norland."
    paragraphs: Sequence[str] = PARAGRAPHS
    published: str = "2031-03-03T10:15:00+01:00"
    embargo: str | None = None
    expires: str | None = "2031-04-01T00:00:00Z"
    urgency: int = 4
    byline: str = "Ada Quill"
    credit: str = "Delta Wire"
    usage: str = "No archive after 30 days."
    language: str = "en-GB"
    subject: str = "20000148"
    secret: str = SECRET

    @property
    def html(self) -> str:
        """The paragraphs as markup."""
        return "".join(f"<p>{escape(text, quote=False)}</p>" for text in self.paragraphs)


def ninjs_1(story: Story) -> bytes:
    """ninjs 1.4."""
    return _json(
        {
            **_ninjs_common(story, str.lower),
            "headline": story.title,
            "byline": story.byline,
            "body_xhtml": story.html,
            "description_text": story.lead,
            "subject": [{"scheme": "medtop", "code": story.subject, "name": "disaster"}],
            "associations": {"photo": {"uri": "urn:photo:1", "type": "picture"}},
        }
    )


def ninjs_2(story: Story) -> bytes:
    """ninjs 2.1."""
    return _json(_ninjs_common(story, str.lower) | _ninjs_lists(story, "contenttype"))


def ninjs_3(story: Story) -> bytes:
    """ninjs 3.1."""
    common = _ninjs_common(story, lambda name: name)
    if "embargoed" in common:
        common["embargoedUntil"] = common.pop("embargoed")
    standard = {"name": "ninjs", "version": "3.1"}
    return _json({**common, **_ninjs_lists(story, "contentType"), "standard": standard})


def dpa(story: Story) -> bytes:
    """An entry of digitalwires."""
    return _json(
        {
            "format": "digitalwires@0.9.1",
            "type": "composite",
            "entry_id": "Zx9",
            "urn": story.item_id,
            "version": story.version,
            "version_created": story.published,
            "pubstatus": story.status,
            "signal": "sig:update",
            "embargoed": story.embargo,
            "expires": story.expires,
            "language": story.language,
            "urgency": story.urgency,
            "kicker": "Weather",
            "headline": story.title,
            "teaser": story.lead,
            "byline": f"By {story.byline}",
            "article_html": f'<section class="main">{story.html}</section>',
            "creditline": story.credit,
            "usageterms": story.usage,
            "notepad": {"nonpublic_html": f"<p>{escape(story.secret)}</p>"},
            "ednotes": [
                {"role": "dpaednoterole:x", "ednote": story.secret, "is_publishable": False}
            ],
            "categories": [
                {"type": "dnltype:dpasubject", "name": "x", "qcode": f"medtop:{story.subject}"},
                {"type": "dnltype:desk", "name": "ku", "qcode": "dpacat:ku"},
            ],
        }
    )


def jsonl(story: Story) -> bytes:
    """A line in the fields of this project."""
    return _json(
        {
            "id": story.item_id,
            "version": story.version,
            "pub_status": story.status,
            "title": story.title,
            "lead": story.lead,
            "body": "\n\n".join(story.paragraphs),
            "published_at": story.published,
            "embargoed_until": story.embargo,
            "expires": story.expires,
            "urgency": story.urgency,
            "byline": story.byline,
            "credit": story.credit,
            "usage_terms": story.usage,
            "language": story.language,
            "subjects": [f"medtop:{story.subject}"],
            "source": "Delta Wire",
            "desk": "none of ours",
        }
    )


def nitf(story: Story) -> bytes:
    """NITF 3.6, as a document of its own."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
{_nitf(story)}""".encode()


def g2_nitf(story: Story) -> bytes:
    """A newsItem with NITF inside."""
    return _g2(story, f'<inlineXML contenttype="application/nitf+xml">{_nitf(story)}</inlineXML>')


def g2_xhtml(story: Story) -> bytes:
    """A newsItem with XHTML inside."""
    body = f"<head><title>x</title></head><body>{story.html}</body>"
    html = f'<html xmlns="http://www.w3.org/1999/xhtml">{body}</html>'
    return _g2(story, f'<inlineXML contenttype="application/xhtml+xml">{html}</inlineXML>')


def g2_message(story: Story, items: int = 20) -> bytes:
    """A newsMessage with many items."""
    one = g2_xhtml(story).partition(b"?>")[2].decode()
    many = "".join(one.replace(story.item_id, f"{story.item_id}:{n}") for n in range(items))
    header = f"<header><sent>{story.published}</sent></header>"
    return (
        f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">{header}'
        f"<itemSet>{many}</itemSet></newsMessage>"
    ).encode()


def rss(story: Story, items: int = 50) -> bytes:
    """RSS 2.0."""
    entry = f"""<item><title>{escape(story.title)}</title>
<link>https://deltawire.example/a/{{n}}</link><guid isPermaLink="false">{{n}}</guid>
<pubDate>Mon, 03 Mar 2031 10:15:00 +0100</pubDate><dc:creator>{story.byline}</dc:creator>
<category>Weather</category><description>{escape(story.lead)}</description>
<content:encoded><![CDATA[{story.html}]]></content:encoded></item>"""
    many = "".join(entry.replace("{n}", str(n)) for n in range(items))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Delta Wire</title>
<link>https://deltawire.example/</link><language>en-gb</language>{many}</channel></rss>""".encode()


def atom(story: Story, items: int = 50) -> bytes:
    """Atom 1.0."""
    entry = f"""<entry><id>tag:deltawire.example,2031:{{n}}</id>
<title>{escape(story.title)}</title><link rel="alternate" href="https://deltawire.example/a/{{n}}"/>
<published>{story.published}</published><updated>2031-03-03T12:00:00Z</updated>
<author><name>{story.byline}</name></author><category term="Weather"/>
<summary>{escape(story.lead)}</summary>
<content type="html">{escape(story.html)}</content></entry>"""
    many = "".join(entry.replace("{n}", str(n)) for n in range(items))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Delta Wire</title>
<id>https://deltawire.example/</id><updated>2031-03-03T12:00:00Z</updated>{many}</feed>""".encode()


def json_feed(story: Story, items: int = 50) -> bytes:
    """JSON Feed 1.1."""
    entry = {
        "title": story.title,
        "summary": story.lead,
        "content_html": story.html,
        "date_published": story.published,
        "authors": [{"name": story.byline}],
        "tags": ["Weather"],
    }
    many = [
        {"id": str(n), "url": f"https://deltawire.example/a/{n}", **entry} for n in range(items)
    ]
    return _json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "Delta Wire",
            "home_page_url": "https://deltawire.example/",
            "language": "en-GB",
            "items": many,
        }
    )


def page(story: Story) -> bytes:
    """A page with menus, teasers, scripts and JSON-LD."""
    about = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published,
        "author": {"@type": "Person", "name": story.byline},
        "publisher": {"@type": "Organization", "name": "Delta Wire"},
        "mainEntityOfPage": "https://deltawire.example/a/1",
    }
    menu = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(40))
    teaser = '<div class="teaser"><a href="/a/{n}"><h3>Elsewhere {n}</h3></a><p>More.</p></div>'
    teasers = "".join(teaser.replace("{n}", str(n)) for n in range(20))
    return f"""<!DOCTYPE html><html lang="{story.language}"><head>
<title>{escape(story.title)} | Delta Wire</title>
<meta property="og:site_name" content="Delta Wire"><style>p{{margin:0}}</style>
<script type="application/ld+json">{json.dumps(about)}</script>
<script>{"var a = 1;" * 300}</script></head><body>
<header><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{escape(story.title)}</h1><p class="lead">{escape(story.lead)}</p>{story.html}
</article><aside>{teasers}</aside></main>
<footer><ul>{menu}</ul><p>All rights reserved.</p></footer></body></html>""".encode()


def schema_org(story: Story) -> bytes:
    """JSON-LD as a document of its own."""
    return _json(
        {
            "@context": "https://schema.org",
            "@type": ["NewsArticle"],
            "@id": story.item_id,
            "version": story.version,
            "headline": story.title,
            "description": story.lead,
            "articleBody": "\n\n".join(story.paragraphs),
            "datePublished": story.published,
            "expires": story.expires,
            "author": [{"@type": "Person", "name": story.byline}],
            "publisher": {"@type": "Organization", "name": "Delta Wire"},
            "creditText": story.credit,
            "usageInfo": story.usage,
            "inLanguage": story.language,
            "isAccessibleForFree": True,
        }
    )


def text(story: Story) -> bytes:
    """A title and paragraphs."""
    return "\n\n".join((story.title, *story.paragraphs)).encode()


FORMATS: dict[str, Callable[[Story], bytes]] = {
    "ninjs 1": ninjs_1,
    "ninjs 2": ninjs_2,
    "ninjs 3": ninjs_3,
    "dpa": dpa,
    "JSON lines": jsonl,
    "NITF": nitf,
    "NewsML-G2, NITF": g2_nitf,
    "NewsML-G2, XHTML": g2_xhtml,
    "NewsML-G2, 20 items": g2_message,
    "RSS": rss,
    "Atom": atom,
    "JSON Feed": json_feed,
    "schema.org JSON": schema_org,
    "HTML page": page,
    "plain text": text,
}


def _ninjs_common(story: Story, spelt: Callable[[str], str]) -> dict[str, Any]:
    fields = {
        "uri": story.item_id,
        "type": "text",
        "version": str(story.version),
        "versionCreated": story.published,
        "pubStatus": story.status,
        "urgency": story.urgency,
        "language": story.language,
        "copyrightHolder": "Delta Wire",
        "creditLine": story.credit,
        "usageTerms": story.usage,
        "edNote": story.secret,
        "embargoed": story.embargo,
        "expires": story.expires,
        "slugline": "torvel-storm",
    }
    return {spelt(name): value for name, value in fields.items() if value is not None}


def _ninjs_lists(story: Story, kind: str) -> dict[str, Any]:
    return {
        "headlines": [{"role": "main", "value": story.title}],
        "descriptions": [{"role": "summary", kind: "text/plain", "value": story.lead}],
        "bodies": [
            {"role": "plain", kind: "text/plain", "value": " ".join(story.paragraphs)},
            {"role": "main", kind: "text/html", "value": story.html},
        ],
        "by": story.byline,
        "subjects": [{"uri": f"http://cv.iptc.org/newscodes/mediatopic/{story.subject}"}],
        "associations": [{"name": "photo", "uri": "urn:photo:1", "type": "picture"}],
    }


def _nitf(story: Story) -> str:
    status = "embargoed" if story.embargo is not None else story.status
    release = f'<date.release norm="{_compact(story.embargo)}"/>' if story.embargo else ""
    expire = f'<date.expire norm="{_compact(story.expires)}"/>' if story.expires else ""
    return f"""<nitf xml:lang="{story.language}"><head><title>slug only</title>
<tobject><tobject.subject tobject.subject.refnum="04015000"/></tobject>
<docdata management-status="{status}"><doc-id id-string="{story.item_id}" regsrc="Delta Wire"/>
<du-key version="{story.version}"/><urgency ed-urg="{story.urgency}"/>
<date.issue norm="{_compact(story.published)}"/>{release}{expire}
<ed-msg info="{escape(story.secret)}"/></docdata></head>
<body><body.head><hedline><hl1>{escape(story.title)}</hl1></hedline>
<byline>By {story.byline}</byline><rights>{story.usage}</rights>
<abstract><p>{escape(story.lead)}</p></abstract></body.head>
<body.content><block>{story.html}</block>
<note noteclass="editorsnote"><p>{escape(story.secret)}</p></note>
<media media-type="image"><media-caption>A pier.</media-caption></media></body.content>
<body.end><tagline>x</tagline></body.end></body></nitf>"""


def _g2(story: Story, content: str) -> bytes:
    embargo = f"<embargoed>{story.embargo}</embargoed>" if story.embargo is not None else ""
    expires = f"<expires>{story.expires}</expires>" if story.expires else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{story.item_id}"
 version="{story.version}" standard="NewsML-G2" standardversion="2.35" conformance="power"
 xml:lang="{story.language}">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_40.xml"/>
<rightsInfo><copyrightHolder literal="Delta Wire"/>
<usageTerms>{story.usage}</usageTerms></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="Delta Wire"/>
<versionCreated>{story.published}</versionCreated>{embargo}
<pubStatus qcode="stat:{story.status}"/><edNote>{escape(story.secret)}</edNote>
<signal qcode="sig:update"/>{expires}</itemMeta>
<contentMeta><urgency>{story.urgency}</urgency><by>By {story.byline}</by>
<creditline>{story.credit}</creditline>
<subject type="cpnat:abstract" qcode="medtop:{story.subject}"/>
<genre qcode="genre:Current"/><slugline>torvel-storm</slugline>
<headline>{escape(story.title)}</headline>
<description role="drol:summary">{escape(story.lead)}</description></contentMeta>
<contentSet>{content}</contentSet></newsItem>""".encode()


def _compact(time: str | None) -> str:
    whole = (time or "").replace("-", "", 2).replace("Z", "+0000")
    return whole.replace(":", "")


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
