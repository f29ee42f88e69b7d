"""Residents of the drills: each a SIPp that holds the call and an ear that hears it."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass

from tests.calls.house import House, fresh_caller
from tests.calls.sipp_runner import Phone, RunningSipp
from tests.drills import product
from tests.drills.hearing import Ear

PHONE_HOST = "127.0.0.3"


@dataclass
class Someone:
    """A caller: their number, what they hear, and the SIPp that holds the call."""

    number: str
    ear: Ear
    sipp: RunningSipp

    def is_at(self, house: House, label: str) -> bool:
        return product.label_of(house, self.number) == label


@dataclass
class DeskPhone:
    """An agent's phone that answers whatever comes."""

    phone: Phone
    ear: Ear
    sipp: RunningSipp


def someone(
    house: House, stack: ExitStack, number: str, *, tone: float = 400.0, key: str = ""
) -> Someone:
    """Call *number*; speak a *tone* (hertz), press *key* three seconds after the answer.

    Everybody speaks: Asterisk ends a call from which no packet has come for a minute.
    """
    ear = Ear(host=house.farm.host, tone=tone)
    stack.enter_context(ear)
    caller = fresh_caller()
    presses = ((3.0, key),) if key else ()
    running = house.farm.call(number, caller=caller, talk=200, listener=ear, presses=presses)
    return Someone(caller, ear, running)


def desk_phone(house: House, stack: ExitStack, agent: str, *, calls: int, tone: float) -> DeskPhone:
    """Register the agent's phone; it answers *calls* calls and speaks a *tone* in them."""
    phone = house.phone(agent)
    ear = Ear(host=PHONE_HOST, tone=tone)
    stack.enter_context(ear)
    answering = phone.answer(calls=calls, talk=200, wait=200, speech=ear)
    return DeskPhone(phone, ear, answering)


def let_pass(until_moment: float) -> None:
    """Let callers listen until a monotonic moment: there is nothing to wait for but time."""
    time.sleep(max(0.0, until_moment - time.monotonic()))
