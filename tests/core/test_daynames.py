"""Names of days and months in the languages of Europe: each means one day or month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from bot.core import daynames
from bot.core.headings import read_day


def test_no_name_means_two_things() -> None:
    for lists in ((daynames._MONTHS, daynames._MORE_MONTHS), (daynames._WEEKDAYS, daynames._MORE_WEEKDAYS)):
        meant = defaultdict(set)
        for names in lists:
            for number, line in enumerate(names):
                for name in line.split():
                    meant[daynames._plain(name)].add(number)
        assert {name: numbers for name, numbers in meant.items() if len(numbers) > 1} == {}


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("Δευτέρα 13 Μαΐου 2024", "2024-05-13"),
        ("П'ятниця, 11 жовтня", "2024-10-11"),
        ("събота, 15 юни", "2024-06-15"),
        ("Dé Sathairn, 8 Meitheamh", "2024-06-08"),
        ("Mi., 12.06.", "2024-06-12"),
        ("Šeštadienis, gegužės 11 d.", "2024-05-11"),
        ("Þriðjudagur 4. júní", "2024-06-04"),
        ("Petak, 17. svibnja", "2024-05-17"),
        ("Laupäev, 2. november", "2024-11-02"),
        ("[Saturday 3 February, 8.15pm]", "2024-02-03"),
    ],
)
def test_a_day_is_read_in_its_own_language_and_fits_its_weekday(heading: str, day: str) -> None:
    read = read_day(heading, date(2024, 6, 1))
    assert read is not None
    assert (read.day, read.fits) == (date.fromisoformat(day), True)
