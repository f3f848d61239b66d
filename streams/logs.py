"""Logs: colour at a terminal, one JSON object per line elsewhere. Standard output stays free."""

import logging
import sys
from collections.abc import Sequence
from time import monotonic
from typing import Any, TextIO

import orjson
import structlog

LIBRARIES = ("faust", "mode", "aiokafka", "aiohttp")
REPEAT_SECONDS = 10.0

_SHARED: Sequence[Any] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def setup(level: str = "warning", stream: TextIO | None = None) -> None:
    """Send our own log events and those of the libraries to one stream, by default stderr.

    Args:
        level: debug, info, warning or error.
        stream: coloured text if it is a terminal, else JSON lines.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    last = _last_processors(out)
    structlog.configure(
        processors=[*_SHARED, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(Seldom())
    _route(handler, max(number, logging.WARNING))


def hush_libraries() -> None:
    """Nothing from Faust, mode and aiokafka: for a run whose errors are raised to the caller."""
    _route(logging.NullHandler(), logging.CRITICAL + 1)


class Seldom(logging.Filter):
    """Passes the same message once in ten seconds: aiokafka repeats itself without a broker."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the record."""
        now, what = monotonic(), (record.name, record.msg)
        if now - self._last.get(what, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return False
        self._last[what] = now
        return True


def _route(handler: logging.Handler, level: int) -> None:
    # Only these loggers: the root belongs to whoever embeds us.
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


def _last_processors(out: TextIO) -> Sequence[Any]:
    if out.isatty():
        return (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)
    return (
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=_dumps),
    )


def _dumps(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=repr).decode()
