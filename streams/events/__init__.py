"""Which event an article belongs to (features, index, scorer) and what an event is (fold)."""
