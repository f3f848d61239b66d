"""Shared by all tests."""

import pytest
import structlog

from streams.logs import hush_libraries


@pytest.fixture(autouse=True)
def _no_log_outlives_its_test():
    """A command under test sends logs to a stream that is closed when the test ends."""
    yield
    structlog.reset_defaults()
    hush_libraries()
