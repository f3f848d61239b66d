"""``read``: what the readers make of a file."""

import sys

import orjson
import typer

from streams.cli.common import AsJson, Sources, app, clear_errors, out


@app.command()
def read(sources: Sources, json: AsJson = False) -> None:
    """What a file's format is, what was understood of it, ignored, or rejected and why.

    Nothing is decided or kept. With --json one line an item.
    """
    from streams.reading import Refused, as_json, understand, view

    refused = False
    with clear_errors():
        for found in understand(sources):
            refused = refused or isinstance(found, Refused)
            if json:
                sys.stdout.buffer.write(orjson.dumps(as_json(found)) + b"\n")
            else:
                out.print(view(found))
    if refused:
        raise typer.Exit(1)
