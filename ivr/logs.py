"""Logging: one JSON line an event, redacted before anything else sees it, files that rotate."""

import logging
import logging.handlers
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import orjson
import structlog

_SECRET_FIELDS = re.compile(r"digit|pressed|password|secret|token|card|pin\b|text|body", re.I)
_NUMBER_FIELDS = re.compile(r"number|caller|called|from|to\b", re.I)
_LONG_NUMBER = re.compile(r"\+?\d{7,15}")
_TEN_MIB = 10 * 1024 * 1024


def mask_number(number: str) -> str:
    """Return *number* with all but its first three and last two characters hidden."""
    return number if len(number) < 7 else f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide digits, secrets and free text; mask telephone numbers wherever they stand."""
    for field, value in event.items():
        if field in {"event", "level", "timestamp", "logger"}:
            continue
        if _SECRET_FIELDS.search(field) and isinstance(value, str | bytes):
            event[field] = "[hidden]"
        elif isinstance(value, str) and _NUMBER_FIELDS.search(field):
            event[field] = _LONG_NUMBER.sub(lambda found: mask_number(found[0]), value)
    return event


def _to_json(event: Any, **_kwargs: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def configure(log_file: Path | None, *, level: int = logging.INFO) -> None:
    """Send all logging to *log_file* (rotated at 10 MiB, 10 kept), or to standard error."""
    handler: logging.Handler
    if log_file is None:
        handler = logging.StreamHandler()
    else:
        log_file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(log_file, maxBytes=_TEN_MIB, backupCount=10)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_to_json),
            ],
        )
    )  # fmt: skip
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
