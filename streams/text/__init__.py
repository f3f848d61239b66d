"""Words and sentences of an article with their places: shared by tagging, events and novelty."""
