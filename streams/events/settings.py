"""What detection lets an operator set; everything else is a constant beside its use."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from schemas.topics import STATE

# How much a desk calls one event: a day's happening by itself, or a story with all its sides.
Granularity = Literal["strict", "balanced", "loose"]


@dataclass(frozen=True, slots=True)
class DetectSettings:
    """Times are log time, counts and bytes are per event. The defaults suit a world wire."""

    dormant_after: timedelta = timedelta(days=3)  # without an article
    close_after: timedelta = timedelta(days=14)  # without an article
    evict_after: timedelta = timedelta(days=60)  # without an article; then nothing joins it
    # An event without an article, whose record then gets its tombstone; a kill's fence.
    forget_after: timedelta = timedelta(days=STATE.tombstone_days or 365)
    live_bytes: int = 40_000  # of digests: 11 articles of 400 words, 45 headlines; older freeze
    live_digests: int = 256  # the same by number, for texts of a few words
    # Timers that one record may run. One article sets four of its event, one after the other
    # (dormant, closed, evicted, forgotten): with five, what falls due together is caught up with.
    timers: int = 5
    cached_events: int = 2000  # memories kept ready; the others are rebuilt from rows


DEFAULTS = DetectSettings()
