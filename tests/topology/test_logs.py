"""Logs: one stream, JSON away from a terminal, the libraries' events among ours."""

import io
import logging

import orjson
import pytest
import structlog

from streams.logs import LIBRARIES, Seldom, hush_libraries, setup


@pytest.fixture(autouse=True)
def _restore():
    kept = [(logging.getLogger(n), logging.getLogger(n).handlers[:]) for n in LIBRARIES]
    yield
    structlog.reset_defaults()
    for logger, handlers in kept:
        logger.handlers, logger.propagate = handlers, True
        logger.setLevel(logging.NOTSET)


def test_ours_and_theirs_are_json_lines_on_one_stream():
    out = io.StringIO()
    setup("info", out)
    structlog.get_logger().info("topic.created", topic="t")
    logging.getLogger("aiokafka.conn").error("no broker at %s", "here")
    ours, theirs = map(orjson.loads, out.getvalue().splitlines())
    assert (ours["event"], ours["topic"], ours["level"]) == ("topic.created", "t", "info")
    assert (theirs["event"], theirs["level"]) == ("no broker at here", "error")


def test_below_the_level_nothing_is_written():
    out = io.StringIO()
    setup("error", out)
    structlog.get_logger().warning("not.this")
    logging.getLogger("faust").info("nor this")
    assert out.getvalue() == ""


def test_a_repeated_message_passes_once():
    seldom = Seldom()
    record = logging.LogRecord("aiokafka", logging.ERROR, "", 1, "no broker", (), None)
    assert [seldom.filter(record) for _ in range(3)] == [True, False, False]


def test_hushed_libraries_write_nothing(capsys):
    hush_libraries()
    logging.getLogger("faust.app").critical("never seen")
    assert capsys.readouterr().err == ""
