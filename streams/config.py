"""All settings in one frozen model: flags of the command line, else ``DELTAWIRE_*`` variables."""

from pathlib import Path
from typing import Literal, Self

from platformdirs import user_state_path
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from streams.events.settings import Granularity


class Settings(BaseSettings):
    """Read once in the command line and passed down.

    A secret comes from its variable or from the file that ``..._file`` names, never from a flag:
    a command line is seen by every user of the machine.
    """

    model_config = SettingsConfigDict(env_prefix="DELTAWIRE_", frozen=True, extra="ignore")

    eval: Path | None = Field(None, description="Folder with the evaluation sets.")
    kb: Path | None = Field(None, description="Knowledge base, made by 'deltawire kb build'.")
    granularity: Granularity = Field(
        "balanced", description="What is one event: strict, balanced, or loose."
    )
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

    broker: str = Field("localhost:9092", description="Kafka: HOST:PORT, several with commas.")
    group: str = Field(
        "deltawire",
        pattern=r"^[a-zA-Z0-9._-]+$",
        description="Consumer group of the workers; names their state topics too.",
    )
    data: Path = Field(
        default_factory=lambda: user_state_path("deltawire"),
        description="Folder for what workers and the producer remember.",
    )

    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: Path | None = None
    ssl_cafile: Path | None = Field(None, description="PEM; default: what the system trusts.")
    ssl_certfile: Path | None = Field(None, description="PEM of the client, for mutual TLS.")
    ssl_keyfile: Path | None = None
    ssl_key_password: SecretStr | None = None
    ssl_key_password_file: Path | None = None
    ssl_check_hostname: bool = True

    intake_listen: str = Field(
        "127.0.0.1:8080", description="Where 'deltawire intake' listens: HOST:PORT."
    )
    intake_token: SecretStr | None = Field(
        None, description="What clients of the intake show as 'Authorization: Bearer'."
    )
    intake_token_file: Path | None = None
    intake_certfile: Path | None = Field(None, description="PEM; makes the intake speak TLS.")
    intake_keyfile: Path | None = None

    dead_letter_limit: int = Field(
        200, ge=0, description="A worker stops after so many burials in a row; 0: never."
    )
    kill_limit: int = Field(
        3, ge=1, description="A message that killed so many workers is buried undecided."
    )
    grace_seconds: float = Field(30, gt=0, description="From SIGTERM to SIGKILL for a worker.")
    stall_seconds: float = Field(
        120, gt=0, description="A worker with work and no progress for so long is restarted."
    )
    wait_seconds: float = Field(
        60, ge=0, description="How long to wait for a broker that does not answer."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.security_protocol.startswith("SASL") and not self.sasl_username:
            raise ValueError(f"{self.security_protocol} needs DELTAWIRE_SASL_USERNAME")
        if self.ssl_certfile and not self.ssl_keyfile:
            raise ValueError("DELTAWIRE_SSL_CERTFILE needs DELTAWIRE_SSL_KEYFILE")
        if self.intake_certfile and not self.intake_keyfile:
            raise ValueError("DELTAWIRE_INTAKE_CERTFILE needs DELTAWIRE_INTAKE_KEYFILE")
        return self
