"""Build a knowledge base from a Wikidata dump or from tables."""
