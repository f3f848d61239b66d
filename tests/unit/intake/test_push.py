"""The endpoint: what is accepted, what is refused and why, and that 202 is never too early."""

import asyncio
import gzip
import json
import socket
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, ClientTimeout

from streams.config import Settings
from streams.errors import BrokerAwayError
from streams.intake.line import Line
from streams.intake.listen import listening, place_of, serve, tls_of, token_of
from streams.intake.push import Push, PushLimits
from streams.kafka.connection import ConnectionSettingsError
from streams.readers.split import MAX_ITEM

TOKEN = "a-token-for-the-tests"
JSON, LINES, TEXT = "application/json", "application/x-ndjson", "text/plain"
ITEM = b'{"id": "a", "title": "A gate opens", "body": "It is open."}'
LIMITS = PushLimits(body=3_000_000, items=50, held=7_000_000, requests=4, read_seconds=0.3)


class Client:
    def __init__(self, session, address, push):
        self.session, self.address, self.push = session, address, push

    async def post(self, body=ITEM, kind=JSON, token=TOKEN, query="", **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            names["Authorization"] = f"Bearer {token}"
        if kind is not None:
            names["Content-Type"] = kind
        url = f"{self.address}/v1/items{query}"
        skip = ["Content-Type"] if kind is None else []
        async with self.session.post(
            url, data=body, headers=names, skip_auto_headers=skip
        ) as answer:
            return answer.status, await answer.json(), answer.headers

    async def get(self, path="/healthz"):
        async with self.session.get(self.address + path) as answer:
            return answer.status, await answer.json()


@pytest.fixture
def endpoint(basket):
    """The whole service on a free port of the loopback, until the end of the block."""

    @asynccontextmanager
    async def start(limits=LIMITS, token=TOKEN, seconds=0.2, connect=None, **marks):
        @asynccontextmanager
        async def outlet():
            if basket.away:
                raise BrokerAwayError("basket is away")
            yield basket

        line, stop, ready = Line(connect or outlet, seconds), asyncio.Event(), asyncio.Event()
        push = Push(line, token, limits, **marks)
        found = []

        @asynccontextmanager
        async def opening():
            async with listening(push, "127.0.0.1", 0, grace=2) as address:
                found.append(address)
                ready.set()
                yield address

        serving = asyncio.create_task(serve(line, stop, opening))
        await asyncio.wait_for(ready.wait(), 2)
        async with ClientSession(timeout=ClientTimeout(total=5)) as session:
            client = Client(session, found[0], push)
            client.stop, client.serving = stop, serving
            try:
                yield client
            finally:
                stop.set()
                await asyncio.wait_for(serving, 5)

    return start


async def test_one_item_is_answered_with_its_place(endpoint, basket):
    async with endpoint(source="agency") as client:
        status, answer, _ = await client.post()
    (item,) = basket.items
    assert status == 202
    assert answer == {
        "accepted": 1, "topic": "articles.raw.v1", "partition": 0, "offset": 0,
        "origin": item.headers["origin"].decode(),
    }  # fmt: skip
    assert item.value == ITEM
    assert (item.headers["format"], item.headers["source"]) == (b"json", b"agency")
    assert item.headers["origin"].startswith(b"push:")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(ITEM + b"\n\n" + ITEM + b"\n", LINES), (b"[" + ITEM + b"," + ITEM + b"]", JSON)],
)
async def test_a_batch_is_answered_item_by_item(endpoint, basket, body, kind):
    async with endpoint() as client:
        status, answer, _ = await client.post(body, kind)
    assert (status, answer["accepted"]) == (202, 2)
    assert [place["offset"] for place in answer["items"]] == [0, 1]
    assert basket.values == [ITEM, ITEM]
    assert [place["origin"] for place in answer["items"]] == basket.header("origin")
    assert len(set(basket.header("origin"))) == 2


async def test_a_client_may_name_its_text(endpoint, basket):
    async with endpoint(space="world") as client:
        query = "?name=gate&source=Norvia+Post&space=x"
        text = b"A gate opens\nIt is open."
        status, *_ = await client.post(text, f"{TEXT}; charset=utf-8", query=query)
        assert (await client.post(query="?name=" + "x" * 501))[0] == 400
        assert (await client.post(query="?source=%0A"))[0] == 400
    assert status == 202
    (item,) = basket.items
    assert item.headers | {"origin": b""} == {
        "format": b"text", "name": b"gate", "source": b"Norvia Post", "space": b"x", "origin": b""
    }  # fmt: skip


async def test_202_comes_after_the_acknowledgement_of_all(endpoint, basket):
    async with endpoint(seconds=5) as client:
        basket.holding = True
        asking = asyncio.create_task(client.post(ITEM + b"\n" + ITEM, LINES))
        await asyncio.sleep(0.2)
        assert len(basket.items) == 2
        assert not asking.done()
        basket.release()
        assert (await asking)[0] == 202


async def test_without_an_acknowledgement_it_is_503_and_later_202(endpoint, basket):
    """Readiness returns by itself: nobody asks an endpoint that says it is not ready."""
    basket.patience = 5
    async with endpoint() as client:
        assert (await client.get())[0] == 200
        basket.holding = True
        status, answer, headers = await client.post()
        assert (status, answer["error"], headers["Retry-After"]) == (503, "broker-away", "5")
        assert (await client.get())[0] == 503
        assert (await client.post())[0] == 503
        basket.release()
        await asyncio.sleep(0.05)
        assert (await client.get())[0] == 200
        assert (await client.post())[0] == 202


async def test_a_line_that_is_dead_is_opened_again(endpoint, basket, monkeypatch):
    monkeypatch.setattr("streams.intake.line.RETRY_SECONDS", 0.05)
    async with endpoint() as client:
        basket.refusing = True
        assert (await client.post())[1]["error"] == "broker-away"
        basket.refusing, basket.away = False, True
        await asyncio.sleep(0.1)
        assert (await client.post())[1]["detail"] == "there is no broker"
        basket.away = False
        await asyncio.sleep(0.15)
        assert (await client.get())[0] == 200
        assert (await client.post())[0] == 202


async def test_it_does_not_begin_without_a_broker(basket):
    @asynccontextmanager
    async def nowhere():
        raise BrokerAwayError("nobody there")
        yield

    line = Line(nowhere, 1)
    with pytest.raises(BrokerAwayError):
        await serve(line, asyncio.Event(), None)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong-token-here!",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        "Bearer é",
    ],
)
async def test_a_wrong_token_is_401(endpoint, basket, authorization):
    async with endpoint() as client:
        headers = {} if authorization is None else {"Authorization": authorization}
        status, answer, names = await client.post(token=None, **headers)
        assert (status, answer["error"]) == (401, "token")
        assert names["WWW-Authenticate"].startswith("Bearer")
        assert TOKEN not in json.dumps(answer)
    assert basket.items == []


async def test_without_a_token_pages_of_browsers_are_kept_out(endpoint):
    async with endpoint(token=None) as client:
        assert (await client.post(token=None))[0] == 202
        status, answer, _ = await client.post(token=None, Origin="https://page.example")
        assert (status, answer["error"]) == (403, "browser")


@pytest.mark.parametrize(
    "kind", [None, "image/png", "application/octet-stream", "json", "a/b; " * 9]
)
async def test_a_type_that_nobody_reads_is_415_and_says_which_are(endpoint, kind):
    async with endpoint() as client:
        status, answer, _ = await client.post(kind=kind)
    assert (status, answer["error"]) == (415, "type")
    assert "application/json" in answer["detail"]


async def test_compressed_bodies_are_refused_and_not_unpacked(endpoint):
    async with endpoint() as client:
        bomb = gzip.compress(b"\0" * 100_000_000)
        status, answer, _ = await client.post(bomb, Content_Encoding="gzip")
    assert (status, answer["error"]) == (415, "encoding")


async def pieces(total, size=100_000):
    for _ in range(total // size):
        yield b"x" * size


@pytest.mark.parametrize("announced", [True, False])
async def test_20_mb_are_413(endpoint, basket, announced):
    async with endpoint() as client:
        body = b"x" * 20_000_000 if announced else pieces(20_000_000)
        status, answer, _ = await client.post(body, TEXT)
        assert (status, answer["error"]) == (413, "too-large")
        assert client.push._held == 0
    assert basket.items == []


async def test_an_item_that_is_too_large_takes_its_batch_with_it(endpoint, basket):
    """All or nothing: a client must not have to find out which part was taken."""
    async with endpoint() as client:
        large = b'{"id": "' + b"x" * MAX_ITEM + b'"}'
        status, answer, _ = await client.post(ITEM + b"\n" + large + b"\n" + ITEM, LINES)
        assert (status, answer["error"]) == (413, "too-large")
        assert "item 2" in answer["detail"]
        status, answer, _ = await client.post(b"[" + b"{}," * 60 + b"{}]")
        assert (status, answer["error"]) == (413, "too-many")
    assert basket.items == []


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", JSON, "no bytes"),
        (b" \n", LINES, "no bytes"),
        (b"[]", JSON, "no item"),
        (b'{"id": ', JSON, "item 1"),
        (ITEM + b"\n{", LINES, "item 2"),
        (b"[1, 2]", JSON, "no object"),
        (b"[" * 100_000, JSON, "item 1"),
        (b'{"a": NaN}', JSON, "item 1"),
        (b"\xff\xfe", JSON, "item 1"),
    ],
)
async def test_what_is_no_json_is_400_and_says_where(endpoint, basket, body, kind, words):
    async with endpoint() as client:
        status, answer, _ = await client.post(body, kind)
    assert status == 400
    assert words in answer["detail"]
    assert basket.items == []


async def test_too_much_at_once_is_503_with_a_time_to_wait(endpoint, basket):
    async with endpoint(seconds=2) as client:
        basket.holding = True
        asked = [asyncio.create_task(client.post()) for _ in range(6)]
        await asyncio.sleep(0.2)
        basket.release()
        answers = [await each for each in asked]
        assert sorted(status for status, *_ in answers) == [202] * 4 + [503] * 2
        assert {a["error"] for status, a, _ in answers if status == 503} == {"overload"}
        assert client.push._requests == client.push._held == 0


async def test_a_body_that_does_not_come_is_408(endpoint):
    async def slowly():
        yield b"{"
        await asyncio.sleep(1)
        yield b"}"

    async with endpoint() as client:
        status, answer, _ = await client.post(slowly())
    assert (status, answer["error"]) == (408, "slow")


async def test_who_asks_before_sending_is_refused_before_sending(endpoint):
    async with endpoint() as client:
        port = int(client.address.rpartition(":")[2])
        head = "POST /v1/items HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
        for token, size, line in (
            ("wrong", 10, b"401"), (TOKEN, 20_000_000, b"413"), (TOKEN, 10, b"100 Continue")
        ):  # fmt: skip
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            more = f"Authorization: Bearer {token}\r\nContent-Length: {size}\r\n"
            writer.write(f"{head}{more}Expect: 100-continue\r\n\r\n".encode())
            assert line in await asyncio.wait_for(reader.readline(), 2)
            writer.close()


async def test_other_paths_and_methods_are_named(endpoint):
    async with endpoint() as client:
        assert (await client.get("/"))[0] == 404
        status, answer = await client.get("/v1/items")
        assert status == 405
        assert "POST /v1/items" in answer["detail"]
        status, answer = await client.get()
        assert answer == {"ready": True, "accepted": 0, "refused": {"no-such-thing": 2}}


async def test_a_stop_finishes_what_is_under_way_and_takes_no_more(endpoint, basket):
    async with endpoint(seconds=2) as client:
        basket.holding = True
        under_way = asyncio.create_task(client.post())
        await asyncio.sleep(0.1)
        client.stop.set()
        await asyncio.sleep(0.1)
        assert not client.serving.done()
        with pytest.raises(OSError, match=r"[Cc]onnect"):
            await client.post()
        basket.release()
        assert (await under_way)[0] == 202
        await asyncio.wait_for(client.serving, 2)


def test_others_than_this_machine_need_a_token(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    assert token_of(Settings(), "127.0.0.1") is None
    assert token_of(Settings(), "::1") is None
    assert token_of(Settings(intake_token_file=path), "0.0.0.0") == TOKEN
    for settings, host in (
        (Settings(), "0.0.0.0"),
        (Settings(), "::"),
        (Settings(intake_token=""), "news.example"),
        (Settings(intake_token="short"), "127.0.0.1"),
        (Settings(intake_token_file=tmp_path / "nowhere"), "127.0.0.1"),
    ):
        with pytest.raises(ConnectionSettingsError):
            token_of(settings, host)
    assert TOKEN not in repr(Settings(intake_token=TOKEN))


@pytest.mark.parametrize("listen", ["", "8080", ":8080", "localhost:", "localhost:http", "a:99999"])
def test_a_place_that_is_none(listen):
    with pytest.raises(ConnectionSettingsError, match="HOST:PORT"):
        place_of(listen)


def test_places():
    assert place_of("127.0.0.1:0") == ("127.0.0.1", 0)
    assert place_of("[::1]:8080") == ("::1", 8080)


async def test_a_place_that_is_taken_is_a_clear_error(basket):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConnectionSettingsError, match=str(port)):
            async with listening(Push(None, None), "127.0.0.1", port):
                pass


async def test_it_speaks_tls(endpoint, tmp_path):
    import trustme

    authority = trustme.CA()
    made = authority.issue_cert("127.0.0.1")
    made.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    made.private_key_pem.write_to_path(tmp_path / "key.pem")
    files = {"intake_certfile": tmp_path / "cert.pem", "intake_keyfile": tmp_path / "key.pem"}
    tls = tls_of(Settings(**files))
    assert tls_of(Settings()) is None
    with pytest.raises(ConnectionSettingsError, match="TLS"):
        tls_of(Settings(**files | {"intake_keyfile": tmp_path / "nowhere"}))

    class Ready:
        ready = True

    async with listening(Push(Ready(), None), "127.0.0.1", 0, tls=tls) as address:
        import ssl

        context = ssl.create_default_context()
        authority.configure_trust(context)
        async with (
            ClientSession() as session,
            session.get(f"{address}/healthz", ssl=context) as answer,
        ):
            assert answer.status == 200
