"""One GET from a host that means harm: bounded in time, bytes, redirects and addresses."""

import asyncio
import gzip
import socket
import time
import tracemalloc
import zlib

import pytest
from aiohttp import web
from yarl import URL

from streams.intake.addresses import AddressRule
from streams.intake.fetch import Fetcher, Limits, checked_url
from streams.intake.hosts import Hosts
from streams.intake.unpack import FetchError

HERE = ["127.0.0.1"]


async def fetch(url, *, allowed=HERE, seconds=5, size=100_000, **validators):
    fetcher = Fetcher(
        AddressRule(allowed), Limits(seconds, size), Hosts(gap=0), agent="deltawire-test"
    )
    async with fetcher.open():
        return await fetcher.fetch(URL(url), **validators)


async def reason_of(url, **how):
    with pytest.raises(FetchError) as caught:
        await fetch(url, **how)
    return caught.value.reason


def answer(body=b"a feed", status=200, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handler(_):
        return web.Response(body=body, status=status, headers=names)

    return handler


async def test_a_document_comes_with_what_is_needed_to_ask_again(host):
    host.answers["/feed"] = answer(
        ETag='"1"', Last_Modified="Mon, 03 Mar 2031 10:00:00 GMT", Content_Type="text/xml"
    )
    got = await fetch(host.url())
    assert (got.body, got.etag, got.content_type) == (b"a feed", '"1"', "text/xml")
    host.answers["/feed"] = answer(b"", 304)
    again = await fetch(host.url(), etag=got.etag, last_modified=got.last_modified)
    assert again.body is None
    _, headers = host.asked[-1]
    assert headers["If-None-Match"] == '"1"'
    assert headers["If-Modified-Since"] == "Mon, 03 Mar 2031 10:00:00 GMT"
    assert headers["User-Agent"] == "deltawire-test"


async def test_gzip_is_undone_in_one_or_more_members(host):
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20
    host.answers["/feed"] = answer(packed, Content_Encoding="gzip")
    assert (await fetch(host.url())).body == b"one two"


@pytest.mark.parametrize("members", [1, 200])
async def test_a_gzip_bomb_ends_at_the_limit(host, members):
    """Here 100 MB from 100 kB, and many members; the memory stays near the limit."""
    bomb = gzip.compress(b"\0" * (100_000_000 // members)) * members
    assert len(bomb) < 150_000
    host.answers["/feed"] = answer(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    assert await reason_of(host.url(), size=200_000) == "too-large"
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


async def test_a_bomb_inside_a_bomb_is_refused_unread(host):
    twice = gzip.compress(gzip.compress(b"\0" * 10_000_000))
    host.answers["/feed"] = answer(twice, Content_Encoding="gzip, gzip")
    assert await reason_of(host.url()) == "encoding"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"a feed that ends" * 100)[:-10], "gzip", "truncated"),
        (b"no gzip at all", "gzip", "encoding"),
        (zlib.compress(b"not asked for"), "deflate", "encoding"),
        (b"x", "br", "encoding"),
    ],
)
async def test_compression_that_is_damaged_or_not_asked_for(host, body, encoding, reason):
    host.answers["/feed"] = answer(body, Content_Encoding=encoding)
    assert await reason_of(host.url()) == reason


async def test_a_feed_of_a_million_entries_ends_at_the_limit(host):
    """Announced or not: 60 MB are offered, and hardly more than the limit is taken."""
    sent = 0

    async def endless(request):
        nonlocal sent
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(1000):
            piece = b"<item><title>A gate opens</title></item>" * 1500
            await stream.write(piece)
            sent += len(piece)
        return stream

    host.answers["/feed"] = endless
    assert await reason_of(host.url()) == "too-large"
    assert sent < 20_000_000  # what the kernel's buffers hold
    host.answers["/feed"] = answer(b"x" * 20_000_000)
    assert await reason_of(host.url()) == "too-large"


@pytest.mark.parametrize("where", ["headers", "body", "redirects"])
async def test_a_slow_host_has_a_limit_for_all_of_it(host, where):
    async def slow(request):
        if where == "redirects":
            await asyncio.sleep(0.15)
            raise web.HTTPFound("/feed")
        if where == "headers":
            await asyncio.sleep(3)
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(100):
            await stream.write(b"x")
            await asyncio.sleep(0.05)
        return stream

    host.answers["/feed"] = slow
    begun = time.monotonic()
    assert await reason_of(host.url(), seconds=0.4) == "timeout"
    assert time.monotonic() - begun < 1.5


async def test_a_connection_that_breaks_off(host):
    async def broken(request):
        stream = web.StreamResponse(headers={"Content-Length": "1000"})
        await stream.prepare(request)
        await stream.write(b"x")
        request.transport.abort()
        return stream

    host.answers["/feed"] = broken
    assert await reason_of(host.url()) in ("truncated", "no-answer")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2/", "http://[::1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/",
        "http://0x7f000002/", "http://2130706434/", "http://192.168.0.1:8080/", "http://100.64.0.1/",
    ],
)  # fmt: skip
async def test_a_redirect_leads_to_no_private_address(host, target):
    """In every spelling of an address; only the feed's own host is allowed here."""
    host.answers["/feed"] = answer(status=302, Location=target)
    assert await reason_of(host.url(), seconds=3) in ("address", "bad-url")


async def test_a_name_gains_nothing_by_where_it_leads(host, monkeypatch):
    """The check is made with the address that the socket is connected to, once it is known."""
    asked = []

    async def private(self, name, port=None, *rest, **named):
        asked.append(name)
        place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*place, ("127.0.0.1", port)), (*place, ("10.0.0.1", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", private)
    port = URL(host.url()).port
    assert await reason_of(f"http://news.example:{port}/feed", allowed=[]) == "address"
    assert asked == ["news.example"]
    assert host.asked == []


async def test_without_leave_not_even_the_feed_itself_may_be_private(host):
    host.answers["/feed"] = answer()
    assert await reason_of(host.url(), allowed=[]) == "address"
    assert host.asked == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/", "data:,x"]
)
async def test_a_redirect_stays_with_http(host, target):
    host.answers["/feed"] = answer(status=301, Location=target)
    assert await reason_of(host.url()) == "scheme"


@pytest.mark.parametrize("text", ["/feed", "http://", "http://[::1", "http://x:99999/", "ftp://x/"])
def test_addresses_that_are_none(text):
    with pytest.raises(FetchError):
        checked_url(text)


async def test_redirects_have_an_end(host):
    host.answers["/feed"] = answer(status=302, Location="/feed")
    assert await reason_of(host.url()) == "redirects"
    assert len(host.asked) == 6
    host.answers["/feed"] = answer(status=302)
    assert await reason_of(host.url()) == "redirects"  # without a Location: to itself


async def test_only_a_way_of_permanent_redirects_is_a_move(host):
    host.answers |= {
        "/feed": answer(status=301, Location="/b"),
        "/b": answer(status=308, Location="/c"),
        "/c": answer(),
    }
    assert str((await fetch(host.url())).moved) == host.url("/c")
    host.answers["/feed"] = answer(status=302, Location="/b")
    assert (await fetch(host.url())).moved is None
    host.answers["/feed"] = answer(status=301, Location="/b")
    host.answers["/b"] = answer(status=307, Location="/c")
    assert str((await fetch(host.url())).moved) == host.url("/b")


async def test_a_login_goes_to_its_host_only(host):
    from tests.unit.intake.conftest import Host

    async with Host() as other:
        other.answers["/feed"] = answer()
        host.answers["/feed"] = answer(status=302, Location=other.url())
        url = URL(host.url()).with_user("ana").with_password("word")
        got = await fetch(url)
        assert host.asked[0][1]["Authorization"] == "Basic YW5hOndvcmQ="
        assert "Authorization" not in other.asked[0][1]
        assert "word" not in str(got.url)


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "status-404"), (410, "gone"), (206, "status-206")]
)
async def test_other_answers_are_reasons(host, status, reason):
    host.answers["/feed"] = answer(status=status)
    assert await reason_of(host.url()) == reason


async def test_a_header_without_end_is_refused(host):
    host.answers["/feed"] = answer(ETag="x" * 100_000)
    assert await reason_of(host.url()) == "no-answer"


async def test_headers_that_are_no_text_do_no_harm():
    """They can be neither written to a file nor shown at a terminal as they are."""

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        writer.close()

    answers = [
        b'HTTP/1.1 200 OK\r\nETag: "\xff\xfe"\r\nLast-Modified: \x1b[2J\r\n\r\nx',
        b"HTTP/1.1 404 \xff\xfe\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\n\r\n",
    ]
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        found = await fetch(url)
        assert (found.etag, found.last_modified) == ("", "")
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                await fetch(url)
            assert caught.value.detail.isprintable()
    assert answers == []


async def test_a_port_that_nobody_listens_at_is_no_answer():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert await reason_of(f"http://127.0.0.1:{port}/") == "no-answer"


async def test_a_host_has_its_turns_and_is_forgotten():
    hosts, begun, starts = Hosts(at_once=1, gap=0.05), time.monotonic(), []

    async def one(name):
        async with hosts.turn(name):
            starts.append(time.monotonic() - begun)

    await asyncio.gather(*(one("a") for _ in range(4)), one("b"))
    assert max(starts) >= 0.15
    assert sorted(starts)[1] < 0.05  # the other host does not wait
    for number in range(1100):
        hosts._hosts[f"old-{number}"] = hosts._hosts["a"].__class__(asyncio.Semaphore(1))
    await one("c")
    assert len(hosts._hosts) < 10
