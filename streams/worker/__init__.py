"""Processes: the supervisor, its slots, and the worker in each of them."""
