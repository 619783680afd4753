"""The components that the tests bring with them work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests import components


def test_each_test_has_a_fresh_database_of_each_kind(engine_url: str) -> None:
    engine = create_engine(engine_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE once (word TEXT)"))
        connection.execute(text("INSERT INTO once VALUES ('é👩‍👩‍👧')"))
        assert connection.execute(text("SELECT word FROM once")).scalar_one() == "é👩‍👩‍👧"
    engine.dispose()


test_and_the_next_one_sees_nothing_of_it = test_each_test_has_a_fresh_database_of_each_kind


@pytest.mark.real
def test_chromium_shows_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>Questions</h1>")
    assert page.inner_text("h1") == "Questions"
    page.close()


def test_a_lacking_component_fails_in_ci_and_is_a_skip_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install thing"):
        components.lacking("Thing", "thing")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="apt-get install thing"):
        components.lacking("Thing", "thing")
