"""Reads Asterisk's Swagger 1.1 files into plain values: models, properties, operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Property:
    """One field of a model; ``kind`` is Swagger's type, such as ``List[string]``."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True)
class Model:
    """One JSON object that Asterisk sends; ``subtypes`` name the models that extend it."""

    name: str
    text: str
    properties: tuple[Property, ...]
    subtypes: tuple[str, ...]


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation; ``place`` is ``path``, ``query`` or ``body``."""

    name: str
    kind: str
    place: str
    required: bool
    many: bool


@dataclass(frozen=True)
class Operation:
    """One request; ``uri`` has no leading slash, which REST over WebSocket refuses."""

    resource: str
    nickname: str
    method: str
    uri: str
    returns: str
    text: str
    parameters: tuple[Parameter, ...]
    errors: tuple[tuple[int, str], ...]


def read_models(folder: Path) -> dict[str, Model]:
    """Every model of the Swagger files in *folder*, by name."""
    return {
        name: _model(name, model)
        for _, document in _documents(folder)
        for name, model in document.get("models", {}).items()
    }


def read_operations(folder: Path) -> list[Operation]:
    """Every operation of the Swagger files in *folder*, but the WebSocket upgrade itself."""
    return [
        _operation(resource, api["path"], operation)
        for resource, document in _documents(folder)
        for api in document.get("apis", ())
        for operation in api.get("operations", ())
        if not operation.get("upgrade")
    ]


def _documents(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        if path.stem != "resources":
            yield path.stem, json.loads(path.read_text())


def _model(name: str, raw: dict[str, Any]) -> Model:
    properties = tuple(
        Property(key, value["type"], bool(value.get("required")))
        for key, value in raw.get("properties", {}).items()
    )
    return Model(
        name, _line(raw.get("description", name)), properties, tuple(raw.get("subTypes", ()))
    )


def _operation(resource: str, path: str, raw: dict[str, Any]) -> Operation:
    parameters = tuple(_parameter(parameter) for parameter in raw.get("parameters", ()))
    errors = tuple((e["code"], _line(e["reason"])) for e in raw.get("errorResponses", ()))
    return Operation(
        resource,
        raw["nickname"],
        raw["httpMethod"],
        path.lstrip("/"),
        raw["responseClass"],
        _line(raw["summary"]),
        parameters,
        errors,
    )


def _parameter(raw: dict[str, Any]) -> Parameter:
    place = raw["paramType"]
    # Asterisk's own files leave `required` out of some path parameters (endpoints.json).
    required = bool(raw.get("required")) or place == "path"
    many = bool(raw.get("allowMultiple"))
    return Parameter(raw["name"], raw["dataType"], place, required, many)


def _line(text: str) -> str:
    return " ".join(text.split()).replace("\\", "/")
