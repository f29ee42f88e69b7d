"""Generates ``dialplans/schema.json`` and ``dialplans/STEPS.md`` from the step kinds."""

import json
from pathlib import Path
from typing import Any

from ivr.dialplan.loader import KINDS, PlanHead

SCHEMA_FILE = "schema.json"
STEPS_FILE = "STEPS.md"
_SHIPPED = Path(__file__).resolve().parents[2] / "dialplans"
_HEAD = """# Step kinds

Generated from the step classes by `python -m ivr.dialplan.schema`; do not edit.

A dialplan file names its line (or sub-dialplan), its first step and its steps. Every step has a
`kind`; its exits are keys whose value is the label of the next step. `end` ends the call, `return`
ends a sub-dialplan. `note` may stand anywhere and is for authors only. `languages: [he, en]` at the
top lists all that a line speaks, `language` what it begins with; every prompt is needed in each.
Texts may name `{caller}`, `{called}`, `{language}`, variables, and the authority's own values as
`{site_name}` (`site.yaml`, under `values`).
"""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a dialplan file, for editors."""
    head = PlanHead.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = head.pop("$defs", {})
    kinds: dict[str, str] = {}
    for name, kind in KINDS.items():
        written = kind.model_json_schema(by_alias=True)
        definitions.update(written.pop("$defs", {}))
        definitions[kind.__name__] = {**written, "required": ["kind", *written.get("required", [])]}
        kinds[name] = f"#/$defs/{kind.__name__}"
    one_of = [{"$ref": place} for place in kinds.values()]
    step = {"oneOf": one_of, "discriminator": {"propertyName": "kind", "mapping": kinds}}
    head["properties"]["steps"] = {"type": "object", "additionalProperties": step}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **head,
        "title": "Moked dialplan",
        "$defs": definitions,
    }


def steps_page() -> str:
    """Return the page of all step kinds for authors, Markdown."""
    sections = [f"## {name}\n\n{_markdown(kind.documentation())}" for name, kind in KINDS.items()]
    return "\n".join([_HEAD, *(f"{section}\n" for section in sections)])


def _markdown(docstring: str) -> str:
    """Turn a module's docstring into Markdown: its indented end is the YAML example."""
    text, _, example = docstring.partition("\n\n    ")
    text = text.replace("``", "`")
    lines = [line.removeprefix("    ") for line in example.splitlines()]
    return "\n".join([text, "", "```yaml", *lines, "```"])


def write(folder: Path) -> None:
    """Write both files into *folder*."""
    text = json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / SCHEMA_FILE).write_text(text, encoding="utf-8")
    (folder / STEPS_FILE).write_text(steps_page(), encoding="utf-8")


if __name__ == "__main__":
    write(_SHIPPED)
