"""The contract of AMI: what rescue and health rely on."""

from __future__ import annotations

import threading
import time
from typing import Protocol

import pytest

from ivr.asterisk.ami import Ami
from ivr.asterisk.errors import AmiRefused, AmiTimeout, AmiUnavailable
from tests.reactor import ReactorThread


class AmiSite(Protocol):
    """An Asterisk, real or not, with the native queue ``emergency``."""

    reactor: ReactorThread

    def ami(self, deadline: float = 5.0, secret: str | None = None) -> Ami:
        """A client of its manager interface; *secret* None means the right one."""

    def caller(self) -> str:
        """The id of a caller who is in Stasis."""

    def place_of(self, channel: str) -> tuple[str, str]:
        """Context and extension that *channel* is at, once it has left Stasis."""

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...

    def die(self) -> None: ...

    def revive(self) -> None: ...


class AmiContract:
    """Inherit, and give a fixture ``site``."""

    def test_asks_how_asterisk_is(self, site: AmiSite, client: Ami) -> None:
        run = site.reactor.run
        run(client.ping())
        assert "CoreStartupTime" in run(client.core_status())
        queued = run(client.queued_tasks())
        assert any(name.startswith("stasis/") for name in queued)
        assert all(tasks >= 0 for tasks in queued.values())

    def test_asks_who_serves_a_native_queue(self, site: AmiSite, client: Ami) -> None:
        members = site.reactor.run(client.queue_status("emergency"))
        assert [member["Location"] for member in members] == ["Local/answers@parties"]
        assert site.reactor.run(client.queue_status("no-such-queue")) == []
        assert len(site.reactor.run(client.queue_status())) >= 1
        site.reactor.run(client.ping())

    def test_fetches_a_caller_out_of_stasis(self, site: AmiSite, client: Ami) -> None:
        channel = site.caller()
        found = site.reactor.run(client.core_show_channels())
        assert channel in [entry["Uniqueid"] for entry in found]
        site.reactor.run(client.absolute_timeout(channel, 600))
        site.reactor.run(client.redirect(channel, "parties", "continued"))
        assert site.place_of(channel) == ("parties", "continued")

    def test_refusals_carry_asterisks_words(self, site: AmiSite, client: Ami) -> None:
        run = site.reactor.run
        with pytest.raises(AmiRefused, match="Channel does not exist"):
            run(client.redirect("no-such", "parties", "continued"))
        with pytest.raises(AmiRefused, match="No such channel"):
            run(client.absolute_timeout("no-such", 5))
        with pytest.raises(AmiRefused, match="No such module"):
            run(client.reload("nonsense"))
        with pytest.raises(AmiRefused):
            run(client.command("nonsense"))
        run(client.reload("logger"))

    def test_values_cannot_smuggle_headers(self, site: AmiSite, client: Ami) -> None:
        with pytest.raises(ValueError, match="line break"):
            site.reactor.run(client.redirect("x\r\nAction: Command", "parties", "continued"))

    def test_wrong_secret_is_unavailable(self, site: AmiSite) -> None:
        ami = site.ami(secret="wrong")
        with pytest.raises(AmiUnavailable, match="login refused"):
            site.reactor.run(ami.ping())
        site.reactor.run(ami.close())

    def test_a_frozen_or_restarted_asterisk_costs_a_deadline_and_no_thread(
        self, own_site: AmiSite
    ) -> None:
        before = threading.active_count()
        ami = own_site.ami(deadline=0.5)
        run = own_site.reactor.run
        run(ami.ping())
        own_site.freeze()
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(AmiTimeout):
                run(ami.ping())
            assert time.monotonic() - started < 1.5
        own_site.thaw()
        run(_until_answered(ami, own_site.reactor))
        own_site.die()
        with pytest.raises(AmiUnavailable):
            run(ami.ping())
        own_site.revive()
        run(_until_answered(ami, own_site.reactor))
        run(ami.close())
        assert threading.active_count() <= before + 1, "pyst2's threads are gone"
        with pytest.raises(AmiUnavailable):
            run(ami.ping())


async def _until_answered(ami: Ami, reactor: ReactorThread) -> None:
    while True:
        try:
            await ami.ping()
        except (AmiTimeout, AmiUnavailable):
            await reactor.sleep(0.1)
        else:
            return
