"""Entities of an article: who and what is named, where, and which known thing it is."""
