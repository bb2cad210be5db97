from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from owui_sync.kinds.schedule import normal, rule


@pytest.mark.parametrize(
    ("cron", "rrule"),
    [
        ("0 3 * * *", "FREQ=DAILY;BYHOUR=3;BYMINUTE=0"),
        ("*/15 * * * *", "FREQ=HOURLY;BYMINUTE=0,15,30,45"),
        ("* * * * *", "FREQ=MINUTELY"),
        ("* 9-11 * * *", "FREQ=MINUTELY;BYHOUR=9,10,11"),
        ("30 6 * * MON-FRI", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=6;BYMINUTE=30"),
        ("0 0 * * 0", "FREQ=DAILY;BYDAY=SU;BYHOUR=0;BYMINUTE=0"),
        ("0 0 * * 7", "FREQ=DAILY;BYDAY=SU;BYHOUR=0;BYMINUTE=0"),
        ("0 0 * * 5-7", "FREQ=DAILY;BYDAY=SU,FR,SA;BYHOUR=0;BYMINUTE=0"),
        ("0 12 1,15 * *", "FREQ=DAILY;BYMONTHDAY=1,15;BYHOUR=12;BYMINUTE=0"),
        ("0 8 1 jan,JUL *", "FREQ=DAILY;BYMONTH=1,7;BYMONTHDAY=1;BYHOUR=8;BYMINUTE=0"),
        ("0 8/6 * * *", "FREQ=DAILY;BYHOUR=8,14,20;BYMINUTE=0"),
        ("0 */1 * * 0-6", "FREQ=HOURLY;BYMINUTE=0"),
    ],
)
def test_cron_becomes_a_rule(cron: str, rrule: str) -> None:
    assert rule(cron) == rrule


NO_SCHEDULES = {
    "0 0 13 * FRI": "`or`",
    "0 0 L * *": "`L`",
    "0 0 * * MON#2": "`MON#2`",
    "60 0 * * *": "`60`",
    "0 5-3 * * *": "`5-3`",
    "0 3 * *": "cron",
    "@daily": "cron",
    "FREQ=SOMETIMES": "FREQ",
    "FREQ=DAILY;BYMOON=1": "`BYMOON`",
    "BYHOUR=3": "FREQ",
}


@pytest.mark.parametrize("text", NO_SCHEDULES)
def test_what_is_no_schedule_is_said(text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        rule(text)
    assert NO_SCHEDULES[text] in str(caught.value)
    assert str(caught.value) == golden


def test_an_rrule_stays_and_the_order_of_its_parts_means_nothing() -> None:
    assert rule("RRULE:freq=daily;byhour=3") == "FREQ=DAILY;BYHOUR=3"
    assert normal("BYHOUR=3;FREQ=DAILY") == normal("FREQ=DAILY;BYHOUR=3") == normal(normal("FREQ=DAILY;BYHOUR=3"))
    assert normal("0 3 * * *") == normal("FREQ=DAILY;BYMINUTE=0;BYHOUR=3")
    assert normal("nonsense") == "nonsense"
