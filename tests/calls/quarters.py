"""Copies of the default site's lines, each with agents of its own: stories run side by side.

A quarter is the shipped billing line, the shipped council line and the shipped centre behind them:
the same files, with the names of line, queues and agents replaced. Nothing else is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.calls.house import PHONE_HOST, House, Person, fresh_caller, running_house
from tests.calls.rtp_listener import Listener
from tests.calls.sipp_runner import Phone, RunningSipp, SippFarm

OPEN, CLOSED = "202611241030", "202611242130"  # a Tuesday: billing is open 08:00-19:00
_MESSAGE = re.compile(r"^-{40,} (\S+)[ \t](\S+)\n\w+ message (received|sent)[^\n]*\n\n(\S+)", re.M)
_RENAMED = (
    (r"^line: (billing|council)$", r"line: \1_{k}"),
    (r"^sub_dialplan: centre$", "sub_dialplan: centre_{k}"),
    (r"dialplan: centre$", "dialplan: centre_{k}"),
    (r"queue: (billing|centre)$", r"queue: \1_{k}"),
    (r"number: (external_payment_centre|on_call)$", r"number: \1_{k}"),
    (r"is_staffed\('billing'\)", "is_staffed('billing_{k}')"),
    (r"^numbers: .*$", "numbers: ['{number}']"),
)
_NUMBERS = {"billing": "+9722888{k:02d}200", "council": "+9722888{k:02d}106", "centre": ""}
_OUTSIDE = {"external_payment_centre": "+9723777{k:02d}300", "on_call": "+972507770{k:02d}0"}


@dataclass(frozen=True)
class Wish:
    """What a quarter's story wants otherwise than the default site has it."""

    department: int = 2  # agents
    centre: int = 1
    wrap_up: float = 2.0
    ring_for: float = 15.0
    edit: Callable[[str, str], str] = lambda _name, text: text  # of a dialplan file


@dataclass
class Quarter:
    """One copy, with its callers and phones; used from one thread."""

    k: int
    house: House
    farm: SippFarm
    _phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def billing(self) -> str:
        return _NUMBERS["billing"].format(k=self.k)

    @property
    def council(self) -> str:
        return _NUMBERS["council"].format(k=self.k)

    def name(self, desk: str) -> str:
        """Return the agent's name: ``01`` and ``02`` of the department, ``31`` of the centre."""
        return f"agent-{self.k}{desk}"

    def agent(self, desk: str) -> Person:
        """Return the agent, with a registered phone, signed in and available."""
        self.phone(desk)
        return self.signed_in(desk)

    def signed_in(self, desk: str) -> Person:
        person = self.house.agent(self.name(desk))
        person.do("sign-in")
        return person

    def phone(self, desk: str) -> Phone:
        """Return the phone on the agent's desk, registered."""
        name = self.name(desk)
        if name not in self._phones:
            phone = self.farm.phone(name, self.house.secret(f"sip-{name}"), PHONE_HOST)
            registered = phone.sign_in()
            assert registered.ok, registered.errors
            self._phones[name] = phone
        return self._phones[name]

    def caller(
        self, number: str, *, press: str = "", at: str = OPEN, talk: float = 60.0, **rest: Any
    ) -> Resident:
        """Call *number* with a fresh number, press after 3 s; *talk*: until one hangs up."""
        who = rest.pop("caller", None) or fresh_caller()
        presses = [(3.0, press)] if press else []
        running = self.farm.call(number, caller=who, presses=presses, at=at, talk=talk, **rest)
        return Resident(self.house, who, running)


@dataclass
class Resident:
    """Somebody who called."""

    house: House
    number: str
    running: RunningSipp

    def ended(self) -> dict[str, Any]:
        """Wait until the call is over and return what the house wrote down of it."""
        result = self.running.wait()
        assert result.ok, result.errors
        return self.house.call_of(self.number)


Story = Callable[[Quarter], None]


@dataclass
class Quarters:
    """Plays stories; each test waits for its own."""

    folder: Path
    house: House
    places: list[Story]
    _playing: dict[str, Future[None]] = field(default_factory=dict)

    def start(self, pool: ThreadPoolExecutor, story: Story) -> None:
        self._playing[story.__name__] = pool.submit(self.play, story)

    def told(self, name: str) -> None:
        """Wait for the end of a story; what failed in it fails here."""
        self._playing[name].result()

    def wait_for_all(self) -> None:
        wait(self._playing.values())

    def play(self, story: Story) -> None:
        """Play a story in its quarter, here and now."""
        k = self.places.index(story) + 1
        house = self.house
        with SippFarm(self.folder / f"sipp{k}", house.farm.server, host=house.farm.host) as farm:
            story(Quarter(k, house, farm))


@contextmanager
def playing(
    folder: Path,
    stories: Mapping[Story, Wish],
    later: Mapping[Story, Wish] | None = None,
    **environment: str,
) -> Iterator[Quarters]:
    """Start a house with a quarter for each story and play *stories*; *later* ones wait."""
    wishes = {**stories, **(later or {})}
    with (
        running_house(
            folder, lambda site: _build(site, list(wishes.values())), **environment
        ) as house,
        ThreadPoolExecutor(len(stories) or 1) as pool,
    ):
        quarters = Quarters(folder, house, list(wishes))
        for story in stories:
            quarters.start(pool, story)
        yield quarters


def _build(site: Path, wishes: list[Wish]) -> None:
    for k, wish in enumerate(wishes, 1):
        for kind, number in _NUMBERS.items():
            text = (site / "dialplans" / f"{kind}.yaml").read_text()
            for pattern, new in _RENAMED:
                named = new.format(k=k, number=number.format(k=k))
                text = re.sub(pattern, named, text, flags=re.M)
            text = wish.edit(kind, text)
            (site / "dialplans" / f"{kind}_{k}.yaml").write_text(text)
    yaml = YAML(typ="safe")
    file = site / "dialplans" / "site.yaml"
    data = yaml.load(file)
    for k, wish in enumerate(wishes, 1):
        _staff(data, k, wish)
    with file.open("w") as out:
        yaml.dump(data, out)


def _staff(data: dict[str, Any], k: int, wish: Wish) -> None:
    for name, number in _OUTSIDE.items():
        data["numbers"][f"{name}_{k}"] = number.format(k=k)
        data["demo_numbers"].append(number.format(k=k))
    desks = {
        "billing": [f"{k}{desk:02d}" for desk in range(1, wish.department + 1)],
        "centre": [f"{k}{desk:02d}" for desk in range(31, wish.centre + 31)],
    }
    for queue, extensions in desks.items():
        for extension in extensions:
            name = f"agent-{extension}"
            data["agents"][name] = {"name": f"נציג {extension}", "extension": extension}
        data["queues"][f"{queue}_{k}"] = {
            **deepcopy(data["queues"][queue]),  # or YAML would write an alias
            "agents": [f"agent-{extension}" for extension in extensions],
            "wrap_up": wish.wrap_up,
            "ring_for": wish.ring_for,
        }


def on_call_is(quarter: Quarter, named: str = "", **behaviour: Any) -> str:
    """Let the on-call phone behave so, and return its number."""
    return _outside("on_call", quarter, named, behaviour)


def external_centre_is(quarter: Quarter, named: str = "", **behaviour: Any) -> str:
    """Let the external payment centre behave so, and return its number."""
    return _outside("external_payment_centre", quarter, named, behaviour)


def _outside(name: str, quarter: Quarter, named: str, behaviour: dict[str, Any]) -> str:
    number = _OUTSIDE[name].format(k=quarter.k)
    how = {"behaviour": behaviour} if behaviour else {"named": named}
    quarter.house.demo("behave", who=number, **how)
    return number


def moments(running: RunningSipp, method: str, way: str = "received") -> list[float]:
    """Return when messages that begin with *method* came or went, in epoch seconds."""
    log = running.work / "messages.log"
    text = log.read_text(errors="replace") if log.exists() else ""
    return [
        datetime.fromisoformat(f"{day}T{hour}").astimezone().timestamp()
        for day, hour, direction, first in _MESSAGE.findall(text)
        if direction == way and first == method
    ]


def speech(*, host: str = "127.0.0.2", tone: float) -> Listener:
    """Return somebody who speaks one tone all the time and listens."""
    return Listener(host, tone=tone)


def labels(call: dict[str, Any]) -> list[str]:
    return [row["label"] for row in call["trace"]]


def heard(call: dict[str, Any]) -> list[str]:
    return [name for row in call["trace"] for name in row["heard"]]
