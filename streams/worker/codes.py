"""What the exit code of a worker process, and of its supervisor, means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """One meaning each, so that a container's restart policy and a person can tell them apart."""

    STOPPED = 0
    """As asked."""
    CRASHED = 1
    """A worker failed. The supervisor starts it again; its own code is this only if a worker
    failed while it was being stopped."""
    WRONG = 2
    """Settings or topics are wrong: another start would end the same way."""
    NEEDS_PERSON = 3
    """A retraction failed, or too many messages in a row were buried: everything stops."""
    BROKER_AWAY = 4
    """The broker did not answer within ``wait_seconds`` at the start."""
    KILLED = 5
    """At a stop a worker had to be killed: what it had not acked will be done again."""
