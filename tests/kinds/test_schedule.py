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
    "FREQ=DAILY;BYHOUR=99": "`99` is nothing for BYHOUR: it is a number from 0 to 23",
    "FREQ=DAILY;BYHOUR=3,-1": "`-1` is nothing for BYHOUR",
    "FREQ=DAILY;BYMINUTE=60": "from 0 to 59",
    "FREQ=YEARLY;BYMONTH=13": "`13` is nothing for BYMONTH: it is a number from 1 to 12",
    "FREQ=MONTHLY;BYMONTHDAY=32": "from 1 to 31, or negative, from the end",
    "FREQ=MONTHLY;BYMONTHDAY=0": "`0` is nothing for BYMONTHDAY",
    "FREQ=YEARLY;BYWEEKNO=54": "`54` is nothing for BYWEEKNO",
    "FREQ=YEARLY;BYYEARDAY=-367": "`-367` is nothing for BYYEARDAY",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0": "`0` is nothing for BYSETPOS",
    "FREQ=DAILY;INTERVAL=0": "`0` is nothing for INTERVAL: it is a number of 1 or more",
    "FREQ=DAILY;INTERVAL=often": "`OFTEN` is nothing for INTERVAL",
    "FREQ=DAILY;COUNT=3": "COUNT needs a line with DTSTART",
    "FREQ=DAILY;BYDAY=XX": "invalid 'BYDAY': XX",
    "FREQ=MONTHLY;BYDAY=0MO": "invalid 'BYDAY': 0MO",
    "FREQ=DAILY;WKST=ZZ": "invalid 'WKST': ZZ",
    "FREQ=DAILY;UNTIL=soon": "invalid 'UNTIL': SOON",
    "DTSTART:noon\nRRULE:FREQ=DAILY": "NOON",
    "FREQ=DAILY;BYHOUR=": "`BYHOUR=` lacks a value",
    "FREQ=DAILY;BYDAY=MO,": "`BYDAY=MO,` lacks a value",
    "FREQ=DAILY;BYHOUR": "`BYHOUR=` lacks a value",
    "FREQ=DAILY;BYHOUR=1;BYHOUR=2": "it has `BYHOUR` twice",
    "FREQ=DAILY FREQ=WEEKLY": "it must be one RRULE",
    "DTSTART:20300101T000000\nEXRULE:FREQ=DAILY": "an RRULE has no `EXRULE:FREQ`",
    "FREQ=HOURLY;INTERVAL=12;BYHOUR=5": "empty set",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": "no month 2 has a day 30",
    "0 0 31 2,4 *": "no month 2,4 has a day 31",
}


@pytest.mark.parametrize("text", NO_SCHEDULES)
def test_what_is_no_schedule_is_said(text: str, golden: SnapshotAssertion) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        rule(text)
    assert NO_SCHEDULES[text] in str(caught.value)
    assert str(caught.value) == golden


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=1MO,-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;UNTIL=20300101T000000Z;WKST=SU",
        "FREQ=MINUTELY;INTERVAL=5",
        "DTSTART:20300101T090000\nRRULE:FREQ=DAILY;COUNT=1",
        "DTSTART;TZID=Europe/Berlin:20300101T090000\nRRULE:FREQ=DAILY\nEXDATE:20300102T090000",
    ],
)
def test_a_rule_that_the_server_can_run_stays_as_it_is(text: str) -> None:
    assert rule(text) == text
    assert normal(normal(text)) == normal(text)


def test_an_rrule_stays_and_the_order_of_its_parts_means_nothing() -> None:
    assert rule("RRULE:freq=daily;byhour=3") == "FREQ=DAILY;BYHOUR=3"
    assert normal("BYHOUR=3;FREQ=DAILY") == normal("FREQ=DAILY;BYHOUR=3") == normal(normal("FREQ=DAILY;BYHOUR=3"))
    assert normal("0 3 * * *") == normal("FREQ=DAILY;BYMINUTE=0;BYHOUR=3")
    assert normal("nonsense") == "nonsense"
