"""A line of the drills' own: it opens a ticket, then speaks for long."""

from __future__ import annotations

from pathlib import Path

NUMBER = "+97229900999"
_LINE = f"""\
line: drill
numbers: ['{NUMBER}']
language: he
start: hello
on_error: good_bye
steps:
  hello:
    kind: play
    prompt: message_thanks
    next: open_ticket
  open_ticket:
    kind: ticket
    department: centre
    subject: 'drill'
    text: 'called from {{caller}}'
    opened: speak
  speak:
    kind: play
    prompt: recording_notice
    next: good_bye
  good_bye:
    kind: hangup
    prompt: goodbye
"""


def add_line(site: Path) -> None:
    """Write the line into a site (``running_house(edit=…)``)."""
    (site / "dialplans" / "drill.yaml").write_text(_LINE)
