"""A command in this process: the same as at a terminal, without the second that Python takes."""

from typer.testing import CliRunner, Result

from streams.cli import app
from tests.kafka.pipeline import Pipeline


def command(line: Pipeline, *arguments: str, code: int | None = 0) -> Result:
    """Run it against the pipeline's broker; it must end with ``code``, None: with any."""
    settings = line.settings
    environment = {
        "DELTAWIRE_BROKER": settings.broker,
        "DELTAWIRE_DATA": str(settings.data),
        "DELTAWIRE_OUT": None,
    }
    done = CliRunner().invoke(app, arguments, env=environment)
    assert code in (done.exit_code, None), (done.output, done.exception)
    assert "Traceback" not in done.output
    return done
