from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 0 13 * FRI", "no RRULE can say `or`"),
        ("0 0 L * *", "`L` is no day"),
        ("0 0 * * MON#2", "nothing that an RRULE can say"),
        ("60 0 * * *", "`60` is no minute: it is a number from 0 to 59"),
        ("0 5-3 * * *", "runs backwards"),
        ("0 3 * *", "the five fields of cron"),
        ("@daily", "the five fields of cron"),
        ("FREQ=SOMETIMES", "needs FREQ"),
        ("FREQ=DAILY;BYMOON=1", "has no `BYMOON`"),
        ("BYHOUR=3", "needs FREQ"),
    ],
)
def test_what_is_no_schedule_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        rule(text)
    assert words in str(caught.value)


def test_an_rrule_stays_and_the_order_of_its_parts_means_nothing() -> None:
    assert rule("RRULE:freq=daily;byhour=3") == "FREQ=DAILY;BYHOUR=3"
    assert normal("BYHOUR=3;FREQ=DAILY") == normal("FREQ=DAILY;BYHOUR=3") == normal(normal("FREQ=DAILY;BYHOUR=3"))
    assert normal("0 3 * * *") == normal("FREQ=DAILY;BYMINUTE=0;BYHOUR=3")
    assert normal("nonsense") == "nonsense"
