"""Records the scenarios of the ARI contract from a real Asterisk.

Run it (``python -m tests.contracts.record_ari``) when Asterisk is upgraded or a scenario is
added, and read the difference before committing.
"""

from __future__ import annotations

import json
import sys

from tests.calls.ari_real import RealAri
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.contracts.ari_contract import RECORDING
from tests.contracts.ari_scenarios import SCENARIOS
from tests.reactor import ReactorThread


def main() -> int:
    root = asterisk_root()
    if root is None:
        sys.stderr.write("no Asterisk here: set MOKED_ASTERISK_ROOT\n")
        return 1
    reactor, asterisk = ReactorThread(), PrivateAsterisk(root)
    reactor.start()
    asterisk.start()
    ari = RealAri(asterisk, reactor)
    try:
        ari.connect()
        lines = [
            json.dumps({"scenario": scenario.__name__, "transcript": ari.play(scenario).transcript})
            for scenario in SCENARIOS
        ]
    finally:
        ari.close()
        asterisk.stop()
        reactor.stop()
    RECORDING.parent.mkdir(exist_ok=True)
    RECORDING.write_text("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
