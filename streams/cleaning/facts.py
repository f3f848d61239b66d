"""What is known of an article beside its text, as strings."""

from collections.abc import Mapping

Facts = Mapping[str, str]
"""Any of ``publisher, blurb, website, rating, scheme, url, media, ai_generated, published, byline,
source, language``. An empty value: named without a value, which may stand on the next line."""
