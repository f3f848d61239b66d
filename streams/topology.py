"""The map: one line per stage, in the order of flow."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.topics import CONTROLS, NORMALIZED, RAW, TAGGED, Topic
from streams.detector import default_detect
from streams.stages.admit import Admit
from streams.stages.normalize import Normalize
from streams.stages.route import Route
from streams.step import Delivered, Step
from streams.tagger import default_tagger


def _never(_: Delivered) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Stage:
    """One arrow of the pipeline: what it reads and who decides.

    Args:
        name: a verb; names the agent and the table, and stands in every fate and dead letter.
        source: the one topic that it reads; no two stages share one.
        step: makes the step; called again at each recovery.
        table: whether the stage keeps rows.
        never_bury: True for a message whose loss would do harm (a retraction): if its step
            fails, the worker stops.
    """

    name: str
    source: Topic
    step: Callable[[], Step]
    table: bool = False
    never_bury: Callable[[Delivered], bool] = _never


def _retracts(message: Delivered) -> bool:
    """What takes an article out must not be lost, whatever else is."""
    return b'"kind":"retraction"' in (message.value or b"")


TOPOLOGY: tuple[Stage, ...] = (
    Stage("normalize", RAW, Normalize),
    Stage("route", CONTROLS, Route),
    Stage("admit", NORMALIZED, lambda: Admit(default_tagger()), table=True),
    Stage("detect", TAGGED, default_detect, table=True, never_bury=_retracts),
)
