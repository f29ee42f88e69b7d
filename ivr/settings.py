"""Settings of one instance: ``$MOKED_HOME/moked.toml`` and, over it, the environment."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ivr.errors import SettingsInvalid

CHECKOUT = Path(__file__).resolve().parent.parent
Port = Annotated[int, Field(ge=0, le=65535)]


class Trunk(BaseModel):
    """A carrier's SIP trunk."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]-]+$")]
    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+@-]*$")] = ""
    password: Annotated[str, Field(pattern=r"^[!-~]*$", repr=False)] = ""
    register_with_carrier: bool = False
    match: list[Annotated[str, Field(pattern=r"^[0-9A-Fa-f.:/]+$")]] = []


class EmailSettings(BaseModel):
    """Where the ``email`` connector delivers."""

    model_config = ConfigDict(extra="forbid")

    host: str
    port: Port = 25
    sender: str
    recipients: dict[str, str] = {}  # department -> address; "" = all others
    starttls: bool = False
    username: str = ""
    password: Annotated[str, Field(repr=False)] = ""


class WebhookSettings(BaseModel):
    """Where the ``webhook`` connector posts; signed with the secret ``webhook``."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(pattern=r"^https?://")]
    allow_loopback: bool = False


class Settings(BaseSettings):
    """Every setting has a default that works on one machine with no trunk."""

    model_config = SettingsConfigDict(
        env_prefix="MOKED_", env_nested_delimiter="__", extra="forbid"
    )

    home: Path = CHECKOUT / ".moked"
    tools: Path = CHECKOUT / ".moked" / "tools"
    instance: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")] = "m1"
    timezone: str = "Asia/Jerusalem"
    public_host: str = "127.0.0.1"

    sip_host: str = "127.0.0.1"
    sip_port: Port = 5060
    http_host: str = "127.0.0.1"
    http_port: Port = 8080
    ari_port: Port = 0
    ami_port: Port = 0
    agi_port: Port = 0
    demo_port: Port = 0
    rtp_start: Port = 0  # 0: a free even range is chosen
    rtp_ports: Annotated[int, Field(ge=40, le=50000)] = 4000

    asterisk_host: str = ""  # set: a site's own Asterisk (>= 22.10.1) instead of the private one
    database_url: str = ""  # empty: SQLite in $MOKED_HOME/db
    trunks: list[Trunk] = []
    demo: Literal["auto", "on", "off"] = "auto"
    connectors: list[Literal["null", "webhook", "email"]] = ["null"]
    email: EmailSettings | None = None
    webhook: WebhookSettings | None = None
    paused_after_missed: Annotated[int, Field(ge=1, le=20)] = 2  # offers in a row
    recording_days: Annotated[int, Field(ge=1, le=3650)] = 90
    recording_min_free_mib: Annotated[int, Field(ge=0)] = 500
    gtts: bool = False
    log_level: Literal["debug", "info", "warning"] = "info"

    @field_validator("home", "tools")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @property
    def demo_wanted(self) -> bool:
        return self.demo == "on" or (self.demo == "auto" and not self.trunks)

    @property
    def site(self) -> Path:
        return self.home / "site"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def asterisk_root(self) -> Path:
        return self.tools / "asterisk"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values come in as arguments."""
        return env_settings, init_settings


def load_settings() -> Settings:
    """Read ``$MOKED_HOME/moked.toml`` and the environment.

    Raises:
        SettingsInvalid: with every problem at once, each naming the setting.
    """
    home = Path(os.environ.get("MOKED_HOME", CHECKOUT / ".moked")).absolute()
    file = home / "moked.toml"
    try:
        values = tomllib.loads(file.read_text()) if file.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file}: not readable as TOML: {error}") from error
    try:
        return Settings(**{**values, "home": home})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsInvalid(
            f"settings ({file} or MOKED_… in the environment):\n  " + "\n  ".join(lines)
        ) from error
