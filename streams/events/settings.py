"""What detection lets an operator set; everything else is a constant beside its use."""

from dataclasses import dataclass
from datetime import timedelta

from schemas.topics import STATE


@dataclass(frozen=True, slots=True)
class DetectSettings:
    """Times are log time, counts are per event. The defaults suit a world wire."""

    close_after: timedelta = timedelta(days=14)  # without an article
    evict_after: timedelta = timedelta(days=60)  # without an article; then nothing joins it
    # An event without an article, whose record then gets its tombstone; a kill's fence.
    forget_after: timedelta = timedelta(days=STATE.tombstone_days or 365)
    live_digests: int = 256  # of one event; older ones freeze
    timers: int = 4  # closings, evictions or forgettings that one record may cause
    cached_events: int = 2000  # memories kept ready; the others are rebuilt from rows


DEFAULTS = DetectSettings()
