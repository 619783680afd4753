"""The shape of the database is what the tables say, on both databases, and a newer one is refused."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.store import lookup, marking, schema
from bot.store.engine import Store
from bot.store.tables import metadata, switch
from tests.store.rows import count, rows


def test_the_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "include_object": _is_of_the_tables})
        assert compare_metadata(context, metadata) == []


def _is_of_the_tables(_object: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith((lookup.ITEMS.name, lookup.PASSAGES.name))  # made beside the tables


def test_the_migrations_make_the_indexes_and_triggers_that_the_tables_come_with(store: Store, tmp_path: Path) -> None:
    made = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE '%\\_words%' ESCAPE '\\'")
    indexes = text("SELECT count(*) FROM pg_indexes WHERE indexname IN ('item_words', 'passage_words')")
    triggers = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    whole = Store(f"sqlite:///{tmp_path / 'whole.db'}")
    metadata.create_all(whole.engine)
    with store.read() as tx, whole.read() as other:
        if store.sqlite:
            assert set(tx.execute(made).scalars()) == set(other.execute(made).scalars())
        else:
            assert tx.execute(indexes).scalar_one() == 2
            expected = {f"passage_{one.table}_{when}" for one in marking.HOMES for when in ("new", "changed", "gone")}
            assert set(tx.execute(triggers).scalars()) == expected - {"passage_post_new", "passage_post_changed"}
    whole.close()


def test_autogenerate_would_see_a_table_that_lacks_its_migration(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("DROP TABLE wish"))
        context = MigrationContext.configure(tx, opts={"include_object": _is_of_the_tables})
        assert [one[0] for one in compare_metadata(context, metadata)] == ["add_table"]


def test_migrating_again_changes_nothing(store: Store) -> None:
    before = rows(store, switch)
    assert schema.migrate(store) is False
    assert rows(store, switch) == before


def test_the_first_migration_prepares_the_switch_with_a_secret_of_its_own(store: Store, tmp_path: Path) -> None:
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    assert schema.migrate(other) is True
    secrets = {rows(one, switch)[0].secret for one in (store, other)}
    other.close()
    assert len(secrets) == 2
    assert all(len(one) == 64 for one in secrets)


def test_a_database_from_a_newer_version_is_refused_and_not_touched(store: Store) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(schema.NewerDatabase, match=r"0999.*newer.*Nothing was changed"):
        schema.migrate(store)
    with store.read() as tx:
        assert schema.current(tx) == "0999"


def test_an_empty_database_is_at_no_version(engine_url: str) -> None:
    made = Store(engine_url)
    with made.read() as tx:
        assert schema.current(tx) is None
    assert schema.migrate(made)
    with made.read() as tx:
        assert schema.current(tx) == schema.newest()
    made.close()


def test_programs_that_start_together_migrate_once(engine_url: str) -> None:
    changed: list[bool] = []

    def start() -> None:
        made = Store(engine_url)
        changed.append(schema.migrate(made))
        made.close()

    threads = [threading.Thread(target=start, daemon=True) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(changed) == [False, False, True]
    made = Store(engine_url)
    assert count(made, switch) == 1
    made.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(engine_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_tx: object) -> None:
        raise RuntimeError("in the middle")

    made = Store(engine_url)
    monkeypatch.setattr("bot.store.events.prepare", broken)
    with pytest.raises(RuntimeError, match="in the middle"):
        schema.migrate(made)
    with made.read() as tx:
        assert schema.current(tx) is None
        assert inspect(tx).get_table_names() == []
    made.close()
