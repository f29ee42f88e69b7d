"""Emergency mode: one row an authority, replaced at each switch."""

from __future__ import annotations

from ivr.ids import AuthorityId
from ivr.storage.emergency import Emergencies
from ivr.storage.records import EmergencyRecord
from tests.contracts.storage.conftest import TOWN, Storage


def test_the_last_switch_is_what_is_kept(storage: Storage) -> None:
    emergencies = Emergencies(storage.database)
    assert storage.run(emergencies.get(TOWN)) is None
    for is_on, who in ((True, "dana"), (False, "avi")):
        record = EmergencyRecord(
            authority_id=TOWN, is_on=is_on, since=storage.clock.now(), switched_by=who
        )
        storage.run(emergencies.put(record))
        assert storage.run(emergencies.get(TOWN)) == record
        storage.clock.advance(60)
    assert storage.run(emergencies.get(AuthorityId("elsewhere"))) is None
