"""What a FastAGI handler can do with its call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ivr.asterisk.agi_parser import AgiReply, AgiRequest, command_line
from ivr.asterisk.errors import AgiError, AgiHungUp, AgiRefused

COMMAND_SECONDS = 5.0
PLAY_SECONDS = 120.0

# Sends one line and brings its reply; the number is the deadline in seconds.
Exchange = Callable[[str, float], Awaitable[AgiReply]]


class AgiSession:
    """One call, for as long as its handler runs; every method may raise ``AgiError``.

    ``AgiHungUp`` if the channel is gone, ``AgiRefused`` if Asterisk refuses the command,
    ``AgiTimeout`` if no reply comes in time (the session is then over).
    """

    def __init__(self, request: AgiRequest, exchange: Exchange) -> None:
        self.request = request
        self._exchange = exchange

    async def answer(self) -> None:
        await self._done("ANSWER")

    async def hangup(self) -> None:
        await self.command("HANGUP")

    async def verbose(self, message: str, level: int = 1) -> None:
        await self.command("VERBOSE", message, str(level))

    async def set_variable(self, name: str, value: str) -> None:
        await self.command("SET VARIABLE", name, value)

    async def get_variable(self, name: str) -> str | None:
        """The value of a variable or function, None if it has none."""
        reply = await self.command("GET VARIABLE", name)
        return reply.data if reply.result == "1" else None

    async def stream_file(
        self, name: str, escape_digits: str = "", deadline: float = PLAY_SECONDS
    ) -> str:
        """Play the sound file *name*; return the digit that ended it, empty if none did.

        Raises:
            AgiError: the file does not exist (or as for every command).
        """
        reply = await self.command("STREAM FILE", name, escape_digits, deadline=deadline)
        if reply.result == "-1":
            raise AgiError("the file could not be played, or the caller left")
        return _digit(reply.result)

    async def wait_for_digit(self, wait: float) -> str:
        """Wait *wait* seconds for one digit; empty if none came."""
        milliseconds = str(int(wait * 1000))
        reply = await self._done("WAIT FOR DIGIT", milliseconds, deadline=wait + COMMAND_SECONDS)
        return _digit(reply.result)

    async def get_data(
        self, name: str, wait: float, digits: int, deadline: float = PLAY_SECONDS
    ) -> str:
        """Play *name* and collect up to *digits* digits, *wait* seconds between them."""
        milliseconds = str(int(wait * 1000))
        reply = await self._done("GET DATA", name, milliseconds, str(digits), deadline=deadline)
        return reply.result

    async def exec(self, application: str, *arguments: str, deadline: float = PLAY_SECONDS) -> str:
        """Run a dialplan application; return its result, ``-2`` if there is no such one.

        Raises:
            ValueError: an argument holds a comma, which would make two of it.
        """
        if any("," in argument for argument in arguments):
            raise ValueError("an argument of an application must not hold a comma")
        reply = await self.command("EXEC", application, ",".join(arguments), deadline=deadline)
        return reply.result

    async def command(
        self, verb: str, *arguments: str, deadline: float = COMMAND_SECONDS
    ) -> AgiReply:
        """Send any other command; return its reply, which has code 200."""
        reply = await self._exchange(command_line(verb, *arguments), deadline)
        if reply.code == 511:
            raise AgiHungUp("the channel is dead")
        if reply.code != 200:
            raise AgiRefused(reply.code, verb)
        return reply

    async def _done(
        self, verb: str, *arguments: str, deadline: float = COMMAND_SECONDS
    ) -> AgiReply:
        """Run a command whose result -1 means that the channel is gone."""
        reply = await self.command(verb, *arguments, deadline=deadline)
        if reply.result == "-1":
            raise AgiHungUp("the caller left")
        return reply


def _digit(result: str) -> str:
    """The digit whose ASCII code is *result*, empty for 0."""
    return chr(int(result)) if result.isdigit() and 0 < int(result) < 128 else ""
