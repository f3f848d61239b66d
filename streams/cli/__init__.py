"""The command line: every command has ``--help``, a view for people, and ``--json``."""

from importlib import import_module

from streams.cli.common import app

__all__ = ["app"]

_GROUPS = (
    "running looking parts reading topics producing intake working tailing letters controls"
    " knowledge"
)
for _group in _GROUPS.split():
    import_module(f"streams.cli.{_group}")  # adds its commands to the app, in this order
