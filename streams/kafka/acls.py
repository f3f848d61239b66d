"""The least that each role must be allowed at a broker with ACLs. Proved by the tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from schemas.topics import CONTROLS, LETTERS, RAW, TOPICS, dead_topic
from streams.topology import TOPOLOGY

Role = Literal["worker", "producer", "reader", "operator"]
ROLES: tuple[Role, ...] = ("worker", "producer", "reader", "operator")


@dataclass(frozen=True, slots=True)
class Acl:
    """One permission. ``pattern`` is Kafka's: literal, or prefixed."""

    resource: Literal["topic", "group"]
    name: str
    operations: tuple[str, ...]
    pattern: Literal["literal", "prefixed"] = "literal"

    def command(self, user: str) -> str:
        """As a line for kafka-acls.sh, behind ``--bootstrap-server``."""
        operations = " ".join(f"--operation {name}" for name in self.operations)
        pattern = f" --resource-pattern-type {self.pattern}" if self.pattern != "literal" else ""
        resource = f"--{self.resource} {self.name}{pattern}"
        return f"--add --allow-principal User:{user} {operations} {resource}"


def acls(role: Role, group: str) -> tuple[Acl, ...]:
    """What a role needs; reading and writing imply describing."""
    return tuple({"worker": _worker, "producer": _producer, "reader": _reader,
                  "operator": _operator}[role](group))  # fmt: skip


def _worker(group: str) -> Iterator[Acl]:
    sources = {stage.source.name for stage in TOPOLOGY}
    for topic in TOPICS:
        names = [name for name, needed in (
            ("Read", topic.name in sources),
            ("Write", topic not in (RAW, CONTROLS, LETTERS)),
        ) if needed]  # fmt: skip
        yield Acl(
            "topic", topic.name, (*names, *(() if names else ("Describe",)), "DescribeConfigs")
        )
    for stage in TOPOLOGY:
        yield Acl("topic", dead_topic(stage.source).name, ("Write", "DescribeConfigs"))
    yield Acl("topic", f"{group}-", ("Read", "Write", "DescribeConfigs"), "prefixed")
    yield Acl("group", group, ("Read",))


def _producer(group: str) -> Iterator[Acl]:
    yield Acl("topic", RAW.name, ("Write",))


def _reader(group: str) -> Iterator[Acl]:
    for topic in TOPICS:
        yield Acl("topic", topic.name, ("Read",))


def _operator(group: str) -> Iterator[Acl]:
    yield from _reader(group)
    for stage in TOPOLOGY:
        yield Acl("topic", dead_topic(stage.source).name, ("Read",))
        yield Acl("topic", stage.source.name, ("Write",))
    yield Acl("topic", LETTERS.name, ("Write",))
