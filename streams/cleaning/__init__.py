"""From foreign text to clean text: characters, markup, layout, trailers, dates, addresses."""
