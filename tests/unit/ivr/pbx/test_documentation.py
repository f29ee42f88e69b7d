"""Words of extensions.conf against what an Asterisk documents."""

from pathlib import Path

from ivr.pbx.documentation import read_vocabulary, unknown_words

XML = """<docs>
<application name="Answer"/><application name="Hangup" module="app_x"/>
<application name="System" module="app_system"/>
<function name="EXISTS" module="func_logic"/><function name="DB" module="func_db"/>
</docs>"""


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "core.xml"
    path.write_text(XML)
    return unknown_words(text, read_vocabulary(path, frozenset({"app_x", "func_logic"})))


def test_known_words_pass(tmp_path: Path) -> None:
    text = "[a]\nexten => s,1,Answer(,i)\n same => n(x),Hangup(${EXISTS(${A})})\n; System()\n"
    assert faults(tmp_path, text) == []


def test_what_no_loaded_module_provides_is_named(tmp_path: Path) -> None:
    text = "exten => s,1,System(id)\n same => n,Hangup(${DB(a/b)})\nexten => +97,1,DB(x)"
    assert faults(tmp_path, text) == [
        "line 1: no application System",
        "line 2: no function DB",
        "line 3: no application DB",
    ]
