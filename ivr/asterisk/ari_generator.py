"""Writes ``ari_generated.py`` from Asterisk's Swagger files; run when Asterisk is upgraded.

``python -m ivr.asterisk.ari_generator /usr/share/asterisk/rest-api``

Models become frozen msgspec structs, each property with a default: what Asterisk leaves out does
not break us, even where its files say "required" (seen in 22.10: ``tenantid``, ``caller_rdnis``,
``tech_cause`` come and go). Operations become typed methods that hand an ``AriRequest`` on.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ivr.asterisk.ari_swagger import (
    Model,
    Operation,
    Parameter,
    Property,
    read_models,
    read_operations,
)

OUTPUT = Path(__file__).with_name("ari_generated.py")
ROOT = "Message"

# What each Swagger type is in Python, and what stands for a missing required one.
SCALARS = {
    "string": ("str", '""'),
    "int": ("int", "0"),
    "long": ("int", "0"),
    "double": ("float", "0.0"),
    "boolean": ("bool", "False"),
    "Date": ("datetime | None", "None"),
    "object": ("dict[str, Any] | None", "None"),
}

# These run on the channel's own thread and wait for a playback or recording to end
# (asterisk.md §1.4); which parameter names that channel.
BLOCKING = {
    "channels_answer": "channel_id",
    "channels_set_channel_var": "channel_id",
    "channels_set_channel_vars": "channel_id",
    "bridges_add_channel": "channel",
    "bridges_remove_channel": "channel",
}

HEADER = '''"""ARI's models, events and operations; written by ``ari_generator``, never by hand.

From the Swagger files of Asterisk, REST API version {version}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ivr.asterisk.ari_request import (
    AriRequest,
    AriRequester,
    decoded,
    first,
    flag,
    joined,
    number,
    segment,
)


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base type for errors and events."""

    asterisk_id: str | None = None
'''


def generated(folder: Path) -> str:
    """The whole text of the module for the Swagger files in *folder*."""
    models = read_models(folder)
    version = re.search(r'"apiVersion": *"([^"]+)"', (folder / "resources.json").read_text())
    parts = [HEADER.format(version=version[1] if version else "unknown")]
    parts += [_struct(models[name], parent) for name, parent in _parents(models)]
    events = [name for name in models["Event"].subtypes if name in models]
    parts.append("AnyEvent = (\n    " + "\n    | ".join(events) + "\n)\n")
    parts.append(_operations(read_operations(folder)))
    return "\n\n".join(parts)


def _parents(models: Mapping[str, Model]) -> Iterator[tuple[str, str]]:
    """Names of models with the class each extends; no name comes before its base."""
    parent = {child: name for name, model in models.items() for child in model.subtypes}
    plain = [name for name in models if name not in parent and name != ROOT]
    yield from ((name, "msgspec.Struct") for name in plain)
    waiting = list(models[ROOT].subtypes)
    while waiting:
        name = waiting.pop(0)
        yield name, parent[name]
        waiting.extend(models[name].subtypes)


def _struct(model: Model, parent: str) -> str:
    options = "frozen=True, kw_only=True"
    if parent != "msgspec.Struct":
        options += "" if model.subtypes else ", tag=True"
    lines = [f"class {model.name}({parent}, {options}):", f'    """{_ended(model.text)}"""', ""]
    lines += [_field(item) for item in model.properties] or ["    pass"]
    return "\n".join(lines) + "\n"


def _field(item: Property) -> str:
    kind, missing = _python(item.kind)
    if not item.required and "None" not in kind:
        kind, missing = f"{kind} | None", "None"
    name = _safe(item.name)
    if name != item.name:
        factory = missing.startswith("msgspec.field(default_factory=")
        inner = missing[len("msgspec.field(") : -1] if factory else f"default={missing}"
        missing = f'msgspec.field({inner}, name="{item.name}")'
    return f"    {name}: {kind} = {missing}"


def _python(kind: str) -> tuple[str, str]:
    """The Python type of a Swagger type, and the expression for a missing required value."""
    if kind in SCALARS:
        return SCALARS[kind]
    if kind.startswith("List["):
        inner = "Any" if kind == "List[object]" else _python(kind[5:-1])[0]
        return f"list[{inner}]", "msgspec.field(default_factory=list)"
    return kind, f"msgspec.field(default_factory=lambda: {kind}())"


def _operations(operations: Iterable[Operation]) -> str:
    head = (
        'class AriOperations(AriRequester):\n    """Every operation of ARI as a typed method."""\n'
    )
    return head + "".join("\n" + _method(operation) for operation in operations)


def _method(operation: Operation) -> str:
    name = f"{_snake(operation.resource)}_{_snake(operation.nickname)}"
    path = [p for p in operation.parameters if p.place == "path"]
    named = sorted(
        (p for p in operation.parameters if p.place != "path"), key=lambda p: not p.required
    )
    arguments = ["self", *(f"{_argument(p)}: str" for p in path), "*"]
    arguments += [f"{_argument(p)}: {_accepts(p)}" for p in named]
    arguments.append("deadline: float | None = None")
    returns = _returns(operation.returns)
    lines = [
        f"    async def {name}(",
        *(f"        {a}," for a in arguments),
        f"    ) -> {returns}:",
    ]
    lines += _docstring(operation)
    lines += ["        request = AriRequest(", *_request(name, operation, path, named), "        )"]
    call = "await self.request(request, deadline)"
    lines.append(
        f"        {call}"
        if returns == "None"
        else f"        return decoded({returns}, request, {call})"
    )
    return "\n".join(lines) + "\n"


def _request(
    name: str, operation: Operation, path: list[Parameter], named: list[Parameter]
) -> Iterator[str]:
    uri = operation.uri
    for parameter in path:
        uri = uri.replace(f"{{{parameter.name}}}", f"{{segment({_argument(parameter)})}}")
    yield f'            "{operation.method}",'
    yield f'            {"f" if path else ""}"{uri}",'
    query = [p for p in named if p.place == "query"]
    if query:
        yield "            query=("
        yield from (f'                ("{p.name}", {_query_value(p)}),' for p in query)
        yield "            ),"
    for parameter in named:
        if parameter.place == "body":
            yield f"            body={_body(parameter)},"
    if name in BLOCKING:
        blocked = BLOCKING[name]
        yield f"            blocks={f'first({blocked})' if blocked == 'channel' else blocked},"
    listing = operation.method == "GET" and operation.returns.startswith("List[")
    if listing or operation.returns == "binary":
        yield "            over_http=True,"


def _body(parameter: Parameter) -> str:
    """`filter` is the whole body; `variables` and `fields` are keys of it."""
    name = _argument(parameter)
    if parameter.kind == "object":
        return name
    return f'{{"{parameter.name}": {name}}} if {name} else None'


def _query_value(parameter: Parameter) -> str:
    name = _argument(parameter)
    if parameter.many:
        return f"joined({name})"
    return {"boolean": f"flag({name})", "string": name}.get(parameter.kind, f"number({name})")


def _accepts(parameter: Parameter) -> str:
    if parameter.place == "body":
        kind = "Mapping[str, Any] | Sequence[Mapping[str, Any]]"
        kind = "Mapping[str, Any]" if parameter.name != "fields" else kind
    elif parameter.many:
        kind = "Sequence[str]"
    else:
        kind = SCALARS[parameter.kind][0]
    return kind if parameter.required else f"{kind} | None = None"


def _returns(kind: str) -> str:
    return {"void": "None", "binary": "bytes"}.get(kind) or _python(kind)[0]


def _docstring(operation: Operation) -> list[str]:
    lines = [f'        """{_ended(operation.text)}']
    if operation.errors:
        lines += ["", "        Raises:"]
        lines += [f"            AriError: {code}: {reason}" for code, reason in operation.errors]
        lines.append('        """')
        return lines
    lines[-1] += '"""'
    return lines


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _argument(parameter: Parameter) -> str:
    return _safe(_snake(parameter.name))


def _safe(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _snake(name: str) -> str:
    """``startMoh`` → ``start_moh``, ``sendDTMF`` → ``send_dtmf``, ``reason_code`` as it is."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def main(arguments: list[str]) -> int:
    """Write the module next to this one."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m ivr.asterisk.ari_generator REST_API_DIR\n")
        return 2
    OUTPUT.write_text(generated(Path(arguments[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
