"""The detect step that the pipeline uses: the model that ships, at the granularity that is set."""

from streams.config import Settings
from streams.events.scorer import scorer
from streams.stages.detect import Detect


def default_detect() -> Detect:
    """With no state yet; called again at each recovery."""
    return Detect(model=scorer(Settings().granularity))
