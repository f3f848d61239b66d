"""Feeds as a way in: what is sent, when it is asked again, and what outlives a restart."""

import asyncio
import gzip
import time
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from yarl import URL

from streams.errors import BrokerAwayError
from streams.intake.addresses import AddressRule
from streams.intake.entries import MAX_ENTRIES, entries_of, remembered
from streams.intake.feeds import (
    DAY,
    Feed,
    FeedError,
    FeedState,
    FeedStore,
    Pace,
    feeds_of,
    seconds_of,
    spread,
)
from streams.intake.fetch import Fetcher, Limits
from streams.intake.formats import hint_for, hint_of
from streams.intake.hosts import Hosts
from streams.intake.poll import Poll
from streams.kafka.publish import ProduceError

PACE = Pace(least=60, most=3600)


def rss(*titles, built=""):
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return f"<rss><channel><lastBuildDate>{built}</lastBuildDate>{items}</channel></rss>".encode()


def answer(body=b"", status=200, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handler(_):
        return web.Response(body=body, status=status, headers=names)

    return handler


@pytest.fixture
def polling(host, basket, clock, tmp_path):
    """A poll as after a restart: all it knows lies in the folder."""

    @asynccontextmanager
    async def start(**how):
        limits = Limits(2, how.pop("size", 100_000))
        hosts = Hosts(how.get("per_host", 1), gap=0)
        fetcher = Fetcher(AddressRule(["127.0.0.1"]), limits, hosts, agent="test")
        store = FeedStore(how.pop("folder", tmp_path / "feeds"))
        try:
            async with fetcher.open():
                yield Poll(fetcher, store, basket, pace=PACE, clock=clock, **how)
        finally:
            store.close()

    return start


@pytest.fixture
def feed(host):
    return Feed(URL(host.url()), "agency")


async def once(polling, feed, **how):
    async with polling(**how) as poll:
        await poll.run([feed], once=True)
        return poll.tally, poll._store.read(feed)


async def test_a_document_is_sent_as_it_came_with_its_headers(host, polling, feed, basket):
    host.answers["/feed"] = answer(rss("a"), Content_Type="application/rss+xml; charset=utf-8")
    tally, _ = await once(polling, feed)
    (item,) = basket.items
    assert item.value == rss("a")
    origin = host.url().encode()
    assert item.headers == {
        "space": b"world", "source": b"agency", "origin": origin, "format": b"xml"
    }  # fmt: skip
    assert (tally.asked, tally.sent, tally.failed) == (1, 1, 0)


async def test_after_a_restart_it_asks_with_what_it_knew(host, polling, feed, basket):
    host.answers["/feed"] = answer(rss("a"), ETag='"1"', Last_Modified="yesterday")
    await once(polling, feed)
    host.answers["/feed"] = answer(status=304)
    tally, _ = await once(polling, feed)
    assert host.asked[-1][1]["If-None-Match"] == '"1"'
    assert (tally.unchanged, len(basket.items)) == (1, 1)


async def test_a_document_without_a_new_entry_is_not_sent_again(host, polling, feed, basket):
    """A build date, an order, an entry that left: none of them is news."""
    for body in (rss("a", "b"), rss("a", "b", built="now"), rss("b", "a"), rss("b")):
        host.answers["/feed"] = answer(body)
        await once(polling, feed)
    assert basket.values == [rss("a", "b")]
    host.answers["/feed"] = answer(rss("b", "a", "c"))
    await once(polling, feed)
    assert len(basket.items) == 2


async def test_without_entries_any_change_is_sent(host, polling, feed, basket):
    for body in (b"one", b"one", b"two"):
        host.answers["/feed"] = answer(body)
        await once(polling, feed)
    assert basket.values == [b"one", b"two"]


async def test_it_is_remembered_only_when_the_broker_has_it(host, polling, feed, basket):
    host.answers["/feed"] = answer(rss("a"), ETag='"1"')
    basket.refusing = True
    with pytest.raises(ProduceError):
        await once(polling, feed)
    basket.refusing, basket.away = False, True
    with pytest.raises(BrokerAwayError):
        await once(polling, feed)
    basket.away = False
    await once(polling, feed)
    assert "If-None-Match" not in host.asked[-1][1]
    assert basket.values[-1] == rss("a")


async def test_the_interval_follows_what_comes(host, polling, feed, clock):
    intervals = []
    for body in (rss("a"), rss("a"), rss("a"), rss("a"), rss("b"), None, None):
        host.answers["/feed"] = answer(body) if body else answer(status=500)
        _, state = await once(polling, feed)
        intervals.append(state.interval)
        assert abs(state.next_at - clock.now - state.interval) <= state.interval * 0.1
    assert intervals == [60, 90, 135, 202.5, 101.25, 202.5, 405]
    assert PACE.after(3000, "same") == 3600


async def test_a_host_that_asks_to_wait_is_obeyed_also_after_a_restart(host, polling, feed, clock):
    for status in (429, 503):
        host.answers["/feed"] = answer(status=status, Retry_After="7200")
        tally, state = await once(polling, feed)
        assert tally.reasons == {f"status-{status}": 1}
        assert state.next_at == clock.now + 7200
        asked = len(host.asked)
        clock.now += 7199
        await once(polling, feed)
        assert len(host.asked) == asked
        clock.now += 2


async def test_a_feed_that_is_gone_is_left_alone_until_somebody_says_so(
    host, polling, feed, basket
):
    host.answers["/feed"] = answer(status=410)
    assert (await once(polling, feed))[1].gone
    tally, _ = await once(polling, feed)
    assert (tally.asked, tally.reasons) == (0, {"gone": 1})
    async with polling() as poll:  # nothing is left to do
        await asyncio.wait_for(poll.run([feed]), 2)
    host.answers["/feed"] = answer(rss("a"))
    await once(polling, feed, again=True)
    assert basket.values == [rss("a")]
    assert not (await once(polling, feed))[1].gone


async def test_a_feed_that_moved_is_asked_there(host, polling, feed):
    host.answers["/feed"] = answer(status=301, Location="/new")
    host.answers["/new"] = answer(rss("a"))
    await once(polling, feed)
    await once(polling, feed)
    assert [path for path, _ in host.asked] == ["/feed", "/new", "/new"]
    host.answers["/new"] = answer(status=404)
    for _ in range(5):
        await once(polling, feed)
    await once(polling, feed)
    assert host.asked[-2][0] == "/feed"  # an address that is lost is not kept for ever


async def test_harm_ends_in_a_counted_reason(host, polling, basket):
    large = rss(*map(str, range(1_000_000)))
    host.answers |= {
        "/bomb": answer(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip"),
        "/million": answer(large),
        "/inside": answer(status=302, Location="http://10.0.0.1/"),
        "/file": answer(status=302, Location="file:///etc/passwd"),
        "/loop": answer(status=302, Location="/loop"),
        "/empty": answer(b"  "),
    }
    feeds = [Feed(URL(host.url(path)), "x") for path in host.answers]
    async with polling() as poll:
        await poll.run(feeds, once=True)
    assert poll.tally.reasons == {
        "too-large": 2, "address": 1, "scheme": 1, "redirects": 1, "empty": 1
    }  # fmt: skip
    assert (poll.tally.failed, poll.tally.asked, basket.items) == (6, 6, [])


@pytest.mark.parametrize("per_host", [1, 6])
async def test_one_host_is_not_asked_by_many_at_once(host, polling, per_host):
    async def slow(_):
        await asyncio.sleep(0.03)
        return web.Response(body=b"x")

    feeds = [Feed(URL(host.url(f"/{number}")), "x") for number in range(6)]
    host.answers |= {feed.url.path: slow for feed in feeds}
    async with polling(per_host=per_host) as poll:
        await poll.run(feeds, once=True)
    assert (len(host.asked), host.most_busy) == (6, per_host)


async def test_a_stop_waits_for_no_host_and_loses_nothing(host, polling, feed, basket):
    async def slow(_):
        await asyncio.sleep(1.5)
        return web.Response(body=b"x")

    host.answers["/feed"] = slow
    stop = asyncio.Event()
    async with polling(stop=stop) as poll:
        running = asyncio.create_task(poll.run([feed]))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        stop.set()
        await running
        assert time.monotonic() - begun < 1
    assert poll.tally.stopped
    host.answers["/feed"] = answer(b"x")
    await once(polling, feed)
    assert basket.values == [b"x"]


async def test_it_goes_on_by_itself(host, polling, feed, basket, monkeypatch, clock):
    """Each request follows when its time has come."""
    bodies = iter([b"one", b"two", b"three"])
    stop = asyncio.Event()

    async def next_body(_):
        clock.now += 1000
        if (body := next(bodies, None)) is None:
            stop.set()
        return web.Response(body=body or b"")

    host.answers["/feed"] = next_body
    waits = []
    wait_for = asyncio.wait_for

    async def quick(what, seconds):
        waits.append(seconds)
        return await wait_for(what, min(seconds, 0.01))

    monkeypatch.setattr("streams.intake.poll.asyncio.wait_for", quick)
    async with polling(stop=stop) as poll:
        await wait_for(poll.run([feed]), 5)
    assert basket.values == [b"one", b"two", b"three"]
    assert waits[0] == 0
    assert all(54 <= seconds <= 66 for seconds in waits if seconds > 1)


async def test_a_damaged_memory_is_begun_anew(host, polling, feed, basket, tmp_path):
    host.answers["/feed"] = answer(rss("a"))
    await once(polling, feed)
    (path,) = (tmp_path / "feeds").glob("*.json")
    for damage in (b"{", b"\xff", b'{"feed": 1}', b'{"feed": "x", "interval": -1}'):
        path.write_bytes(damage)
        tally, _ = await once(polling, feed)
        assert tally.sent == 1
    path.write_text(FeedState(feed=feed.name, moved_to="file:///etc/passwd").model_dump_json())
    tally, _ = await once(polling, feed)
    assert tally.reasons == {"scheme": 1}


async def test_a_dry_run_remembers_nothing(host, polling, feed, tmp_path):
    host.answers["/feed"] = answer(rss("a"))
    async with polling(folder=None) as poll:
        await poll.run([feed], once=True)
    assert not (tmp_path / "feeds").exists()


def test_one_process_remembers_in_one_folder(tmp_path):
    first = FeedStore(tmp_path)
    with pytest.raises(FeedError, match="--data"):
        FeedStore(tmp_path)
    first.close()
    (tmp_path / "file").touch()
    with pytest.raises(FeedError, match="--data"):
        FeedStore(tmp_path / "file")


def test_feeds_come_from_arguments_and_a_file(tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_text(
        "# agencies\n\nhttps://ana:word@a.example/feed  Agency One\nhttps://www.b.example/#x\n"
    )
    feeds = feeds_of(["https://c.example", "https://c.example/"], path, None)
    assert [(feed.name, feed.source) for feed in feeds] == [
        ("https://c.example/", "c.example"),
        ("https://a.example/feed", "Agency One"),
        ("https://www.b.example/", "b.example"),
    ]
    for wrong in (["ftp://x/"], ["https://ana:word@a.example/"], ["nonsense"], []):
        with pytest.raises(FeedError) as caught:
            feeds_of(wrong, None, None)
        assert "word" not in str(caught.value)
    with pytest.raises(FeedError, match="nowhere"):
        feeds_of([], tmp_path / "nowhere", None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120), (" 120 ", 120), ("99999999999999999999", DAY), ("-5", 0), ("", 0),
        ("soon", 0),
        ("Mon, 12 Jan 1970 13:48:40 GMT", 120), ("Mon, 12 Jan 1970 13:48:40", 120),
        ("Sun, 01 Jan 1950 00:00:00 GMT", 0), ("Mon, 99 Jan 1970 13:48:40 GMT", 0), ("٣", 0),
    ],
)  # fmt: skip
def test_what_a_host_may_ask_for(text, seconds):
    assert seconds_of(text, 1_000_000.0) == seconds


def test_entries_are_told_in_every_format_of_feeds():
    atom = b"<feed><entry>a</entry><entry xml:lang='x'>b</entry></feed>"
    rdf = b"<rdf:RDF><items><rdf:li/></items><item rdf:about='x'>a</item></rdf:RDF>"
    prefixed = b"<a:feed><a:entry>a</a:entry>\n<a:entry>b</a:entry></a:feed>"
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}, {"id": 2}]}'
    counts = [len(entries_of(each)) for each in (atom, rdf, prefixed, feed, b"<p>x</p>", b"[1")]
    assert counts == [2, 1, 2, 2, 0, 0]
    assert entries_of(b"[" * 100_000) == entries_of(
        b'{"items": [' + b"[" * 500 + b"]" * 500 + b"]}"
    )


def test_what_is_remembered_is_bounded():
    kept = remembered([f"new-{n}" for n in range(MAX_ENTRIES - 1)], ["old-1", "old-2"])
    assert len(kept) == MAX_ENTRIES
    assert kept[-1] == "old-1"


@pytest.mark.parametrize(
    "piece",
    [b"<item>", b"<item", b"</item>", b"<a:", b"<" + b"a" * 31, b"<entry></entr", b"[", b'{"'],
)
def test_a_hostile_document_takes_time_in_proportion(piece):
    begun = time.monotonic()
    entries_of(piece * (1_000_000 // len(piece)))
    assert time.monotonic() - begun < 2


def test_waits_are_spread_and_the_same_in_every_run():
    waits = [spread(f"feed-{number}", 1) for number in range(200)]
    assert 0.9 <= min(waits) < 0.92
    assert 1.08 < max(waits) <= 1.1
    assert waits[0] == spread("feed-0", 1) != spread("feed-0", 2)


def test_media_types_lead_to_hints_of_the_readers():
    assert hint_of("text/plain; charset=utf-8") == "text"
    assert hint_of("Application/JSON") == hint_of("application/vnd.example+json") == "json"
    assert (
        hint_of("application/vnd.iptc.g2.newsitem+xml") == hint_of("application/rss+xml") == "xml"
    )
    assert hint_of("application/x-ndjson") == "jsonl"
    assert hint_of("image/png") == hint_of("") == hint_of("json") == hint_of("+json") == ""


def test_a_wrong_name_of_a_feed_is_no_hint():
    assert hint_for("text/xml", b"\xef\xbb\xbf <rss>") == "xml"
    assert hint_for("application/feed+json", b"{}") == "json"
    for kind, body in (("text/html", b"<rss>"), ("text/plain", b"{}"), ("text/xml", b"{}")):
        assert hint_for(kind, body) == ""
