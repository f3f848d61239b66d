"""``tag``, ``evaluate``, ``schemas``: parts of the pipeline on their own."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from streams.cli.common import AsJson, Sources, app, clear_errors, err, out, print_json
from streams.errors import DeltawireError

schemas_app = typer.Typer(no_args_is_help=True, help="JSON Schemas of the records on the topics.")
app.add_typer(schemas_app, name="schemas")


@app.command()
def tag(sources: Sources, json: AsJson = False) -> None:
    """The entities of articles: mentions, types, links, without detecting events."""
    from streams.parts import tagged
    from streams.report import tag_report

    refused = False
    with clear_errors():
        for result in tagged(sources):
            if isinstance(result, DeltawireError):
                refused = True
                err.print(f"[yellow]rejected:[/] {result}", highlight=False)
            elif json:
                sys.stdout.buffer.write(result.to_bytes() + b"\n")
            else:
                out.print(result.article.title or result.article.item_id, style="bold")
                out.print(tag_report(result.entities))
    if refused:
        raise typer.Exit(1)


@app.command()
def evaluate(
    task: Annotated[
        str, typer.Argument(help="events, pairs, entities, linking, novelty, figures.")
    ],
    files: Annotated[list[Path], typer.Argument(help="JSON lines, gzipped or not.")],
    predictions: Annotated[
        Path | None, typer.Option(help="Write one JSON line per row here.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Score a task on labelled rows; rows without gold get predictions only."""
    from streams.evaluate import evaluate as run
    from streams.evaluate import scores_table

    with clear_errors():
        scores = run(task, files, predictions)
    if json:
        print_json(scores)
    else:
        out.print(scores_table(scores))
        if all(row.keys() == {"rows"} for row in scores.values()):
            err.print("no row has gold: predictions only", style="yellow")


@schemas_app.command("export")
def schemas_export(
    folder: Annotated[Path | None, typer.Argument(help="Default: the project's snapshots.")] = None,
) -> None:
    """Write one JSON Schema per topic."""
    from streams.schema_files import SNAPSHOTS, export

    for path in export(folder or SNAPSHOTS):
        out.print(str(path), highlight=False)


@schemas_app.command("check")
def schemas_check(
    folder: Annotated[Path | None, typer.Argument(help="Default: the project's snapshots.")] = None,
    json: AsJson = False,
) -> None:
    """Compare the records with the snapshots: breaking changes and stale files fail."""
    from streams.schema_files import SNAPSHOTS, check

    broken, stale = check(folder or SNAPSHOTS)
    if json:
        print_json({"breaking": broken, "stale": stale})
    else:
        for line in broken:
            err.print(
                f"[bold red]breaking:[/] {line}; make it a new topic version", highlight=False
            )
        for name in stale:
            err.print(f"[yellow]stale:[/] {name}; run 'deltawire schemas export'", highlight=False)
        if not broken and not stale:
            out.print("schemas match their snapshots", style="green")
    if broken or stale:
        raise typer.Exit(1)
