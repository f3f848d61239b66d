"""The command line: every command has ``--help``, a view for people, and ``--json``."""

from importlib import import_module

from streams.cli.common import app

__all__ = ["app"]

for _group in "running looking parts topics producing working tailing letters knowledge".split():
    import_module(f"streams.cli.{_group}")  # adds its commands to the app, in this order
