"""All settings in one frozen model: flags of the command line, else ``DELTAWIRE_*`` variables."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once in the command line and passed down."""

    model_config = SettingsConfigDict(env_prefix="DELTAWIRE_", frozen=True, extra="ignore")

    eval: Path | None = Field(None, description="Folder with the evaluation sets.")
    log_level: str = Field("warning", description="debug, info, warning or error.")
