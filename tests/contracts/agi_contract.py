"""The contract of FastAGI: what scripts can do, on whichever Asterisk calls them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.errors import AgiError, AgiHungUp, AgiRefused

Seen = list[object]
Script = Callable[[AgiSession], Awaitable[None]]
DONE = "done"


class AgiContract:
    """Inherit, and say how a call is given to a script."""

    def call(self, script: Script, *, digits: str = "", leaves: bool = False) -> None:
        """Have a call run *script* to its end.

        The caller presses *digits* while it is asked for them, or *leaves* while the script waits.
        """
        raise NotImplementedError

    def test_variables_come_back_as_they_were_set(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            await session.answer()
            for value in ("billing", 'say "x" \\ (y)', "שלום", ""):
                await session.set_variable("SPOKEN", value)
                seen.append(await session.get_variable("SPOKEN"))
            seen.append(await session.get_variable("NEVER_SET"))

        self.call(script)
        assert seen[:3] == ["billing", 'say "x" \\ (y)', "שלום"]
        assert seen[3] in ("", None), "an empty variable is the same as none"
        assert seen[4] is None

    def test_the_request_says_what_was_asked_for_whom(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            seen.extend([session.request.path, session.request.query, session.request.channel_id])

        self.call(script)
        assert seen == ["script", {"line": "billing"}, seen[2]]
        assert seen[2]

    def test_sounds_are_played(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            await session.answer()
            seen.append(await session.stream_file("digits/1"))
            try:
                await session.stream_file("no-such-file")
            except AgiError as error:
                seen.append(type(error))
            seen.append(await session.exec("Playback", "digits/3"))
            seen.append(await session.exec("NoSuchApplication"))

        self.call(script)
        assert seen == ["", AgiError, "0", "-2"]

    def test_digits_are_collected(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            await session.answer()
            seen.append(await session.wait_for_digit(8))
            seen.append(await session.get_data("digits/2", wait=1.5, digits=3))
            seen.append(await session.wait_for_digit(0.1))

        self.call(script, digits="512")
        assert seen == ["5", "12", ""]

    def test_unknown_commands_are_refused_and_the_script_goes_on(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            for verb, *arguments in (["NONSENSE"], ["SET VARIABLE", "only-one"]):
                try:
                    await session.command(verb, *arguments)
                except AgiRefused as error:
                    seen.append(error.code)
            await session.verbose("still here")
            seen.append(DONE)

        self.call(script)
        assert seen == [510, 520, DONE]

    def test_a_caller_who_leaves_ends_the_script(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            await session.answer()
            try:
                await session.wait_for_digit(60)
            except AgiHungUp:
                seen.append("left")
            await session.verbose("the caller left")
            await session.set_variable("WHY", "left")
            seen.append(await session.get_variable("WHY"))
            try:
                await session.stream_file("digits/1")
            except AgiHungUp:
                seen.append("gone")

        self.call(script, leaves=True)
        assert seen == ["left", "left", "gone"]

    def test_a_script_that_hangs_up_has_no_caller_any_more(self) -> None:
        seen: Seen = []

        async def script(session: AgiSession) -> None:
            await session.answer()
            await session.hangup()
            try:
                await session.wait_for_digit(5)
            except AgiHungUp:
                seen.append("gone")

        self.call(script)
        assert seen == ["gone"]
