"""What the service says of itself: ready or why not, its lines, its counts. Nothing secret."""

from typing import TYPE_CHECKING, Any

from ivr.runtime import Runtime

if TYPE_CHECKING:
    from ivr.app.health import Health
    from ivr.app.phones import Phones
    from ivr.app.telephone import Base, Telephone


class ServiceStatus:
    """Answers ``/api/health`` and ``/api/status`` from memory."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._calls: Telephone | None = None
        self._base: Base | None = None
        self._phones: Phones | None = None
        self.taking_calls = False
        self.console_up = False
        self.health: Health | None = None
        self.faults: list[str] = []
        self.counts: dict[str, int] = {}

    def watch(self, calls: "Telephone", base: "Base", phones: "Phones") -> None:
        self._calls, self._base, self._phones = calls, base, phones

    def why(self) -> list[str]:
        """Return why it is not ready, in sentences; empty when it is."""
        if self._calls is None or self._base is None:
            return ["the service is still starting"]
        reasons = []
        if not self._calls.ari.connected:
            reasons.append("Asterisk does not answer on its control socket")
        elif not self.taking_calls:
            reasons.append("calls that were in Asterisk are being taken over")
        return reasons + self.faults

    def now(self) -> dict[str, Any]:
        why = self.why()
        status: dict[str, Any] = {"ready": not why, "why": why}
        if self._calls is None or self._base is None:
            return status
        journal = self._base.store.journal
        live = self._calls.lines.live.items()
        return status | {
            "warnings": self._warnings(),
            "lines": [{"name": name, "numbers": list(one.plan.numbers)} for name, one in live],
            "counts": {
                **self.counts,
                "running": len(self._calls.reception.visits),
                "talking": len(self._calls.talks.running),
                "journal_pending": journal.pending,
            },
            "asterisk": self._asterisk(),
            "database": "ok" if journal.healthy else "behind",
        }

    def _asterisk(self) -> dict[str, Any]:
        if self.health is None:
            return {}
        return {"ami": self.health.answers, "calls": self.health.calls}

    def _warnings(self) -> list[str]:
        if self._base is None:
            return []
        missing = self._base.catalogue.missing()
        return [f"prompt {one.language}/{one.name}: {one.reason}" for one in missing]
