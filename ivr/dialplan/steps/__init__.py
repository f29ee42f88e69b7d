"""The step kinds; to add one, write its file and name its class here."""

from ivr.dialplan.step import Step
from ivr.dialplan.steps.branch import Branch
from ivr.dialplan.steps.calendar import Calendar
from ivr.dialplan.steps.collect_digits import CollectDigits
from ivr.dialplan.steps.dial import Dial
from ivr.dialplan.steps.hangup import Hangup
from ivr.dialplan.steps.hours import Hours
from ivr.dialplan.steps.menu import Menu
from ivr.dialplan.steps.play import Play
from ivr.dialplan.steps.queue import Queue
from ivr.dialplan.steps.refuse import Refuse
from ivr.dialplan.steps.say import Say
from ivr.dialplan.steps.set import Set
from ivr.dialplan.steps.subroutine import Subroutine
from ivr.dialplan.steps.ticket import Ticket
from ivr.dialplan.steps.voicemail import Voicemail

STEP_KINDS: tuple[type[Step], ...] = (
    Say,
    Play,
    Menu,
    CollectDigits,
    Hours,
    Calendar,
    Branch,
    Set,
    Queue,
    Dial,
    Voicemail,
    Ticket,
    Subroutine,
    Refuse,
    Hangup,
)
