"""Contact details are found and hidden; what only looks like them is left alone."""

from __future__ import annotations

import pytest

from bot.core.questions import hide, judge, personal_data

PHONES = [
    "call me on 07700 900123",
    "07700-900-123",
    "my number: 01482 960 123.",
    "(0113) 496 0000",
    "+44 7700 900123",
    "0044 20 7946 0000",
    "06 12 34 56 78",
    "+49 30 123456",
    "+48 600 700 800",
    "call 555 0100 99",
    "(212) 555-0100",
    "212-555-0100",
    "手机13800138000",
    "फोन 98765 43210",
    "هاتف ٠٧٧٠٠٩٠٠١٢٣",
]
NO_PHONES = [
    "12/07/2017",
    "2017-07-12",
    "12.07.2017 14:00",
    "10.00-12.30",
    "14:00-15:30",
    "2012-2017",
    "2010 2011 2012",
    "in 2016/17",
    "999",
    "111",
    "call 116 123",
    "Samaritans on 116 123 or Childline 0800 1111",
    "£12000000",
    "€ 150000",
    "1,250,000 people",
    "150000 patients",
    "#0123456789",
    "https://example.org/07700900123",
    "www.example.org/01482960123",
    "0.123456789",
    "50 100 150",
]
EMAILS = ["jo@example.org", "Jo.Bloggs+peer@mail.example.co.uk", "jo [at] example [dot] org", "<a>jo@example.org</a>"]
NO_EMAILS = [
    "@jo@mastodon.example",
    "meet @jo at example",
    "https://example.org/@jo",
    "a@b",
    "look at that. org charts",
]


@pytest.mark.parametrize("text", PHONES)
def test_a_phone_number_is_found_and_hidden(text: str) -> None:
    assert [kind for _, _, kind in personal_data(text)] == ["phone"]
    assert "[phone number hidden]" in hide(text)
    assert not any(sign.isdigit() for sign in hide(text))


@pytest.mark.parametrize("text", NO_PHONES)
def test_dates_times_prices_links_and_helplines_are_no_phone_numbers(text: str) -> None:
    assert personal_data(text) == []
    assert hide(text) == text


@pytest.mark.parametrize("text", EMAILS)
def test_an_address_is_found_and_hidden(text: str) -> None:
    assert [kind for _, _, kind in personal_data(text)] == ["email"]
    assert "[e-mail hidden]" in hide(text)
    assert "example" not in hide(text)


@pytest.mark.parametrize("text", NO_EMAILS)
def test_handles_and_links_are_no_addresses(text: str) -> None:
    assert personal_data(text) == []


def test_a_health_number_is_found_by_the_word_before_it() -> None:
    assert hide("my NHS number is 943 476 5919") == "my NHS number is [health number hidden]"


def test_spans_come_in_order_and_point_at_the_details() -> None:
    text = "Write to jo@example.org or ring 07700 900123, thanks"
    spans = personal_data(text)
    assert [text[start:end] for start, end, _ in spans] == ["jo@example.org", "07700 900123"]
    assert hide(text) == "Write to [e-mail hidden] or ring [phone number hidden], thanks"


def test_what_was_hidden_is_not_found_again() -> None:
    once = hide("ring 07700 900123 or jo@example.org")
    assert hide(once) == once
    assert judge("Could someone ring 07700 900123?").flags == {"personal_data"}
    assert judge(once).flags == frozenset()
