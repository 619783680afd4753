"""The full-text index follows what is stored, edited, deleted and erased, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url, text, update

from bot import housekeep
from bot.core.items import Checked, Standing
from bot.store import erasure, search
from bot.store.engine import Store
from bot.store.tables import event, item
from tests.flows.house import Clock
from tests.store.rows import asked, keep, question_row, rows, said


def found(store: Store, words: str) -> list[str]:
    """The ids on their network of what a search finds, the last stored first."""
    with store.read() as tx:
        event_id = tx.execute(event.select()).first()
        assert event_id is not None
        return [row.native_id for row in search.everything(tx, event_id.id, words)[0]]


def test_what_is_read_is_found_by_its_words_and_its_author(store: Store) -> None:
    keep(store, said("1", "Who pays after the pilot? #QLabs"), said("2", "No pilots here #QLabs", author_handle="@joe"))
    assert found(store, "PILOT") == ["2", "1"]
    assert found(store, "pilot grace") == ["1"]
    assert found(store, "pilot nobody") == []


def test_an_edit_replaces_the_words_that_a_post_is_found_by(store: Store) -> None:
    keep(store, said("1", "Who pays after the pilot? #QLabs"))
    keep(store, said("1", "Who pays after the trial? #QLabs"))
    assert (found(store, "pilot"), found(store, "trial"), found(store, "grace")) == ([], ["1"], ["1"])


def test_a_name_that_comes_late_is_found(store: Store) -> None:
    keep(store, said("1", "Who pays after the pilot? #QLabs", author_handle=""))
    keep(store, said("1", "Who pays after the pilot? #QLabs", author_handle="@hopper", author_name="Grace Hopper"))
    assert (found(store, "hopper"), found(store, "pilot")) == (["1"], ["1"])


def test_what_its_author_deleted_or_was_erased_is_found_no_more(store: Store, clock: Clock) -> None:
    keep(store, said("1", "Who pays for kumquats? #QLabs"), said("2", "Who pays for physalis? #QLabs", author_id="18"))
    with store.write() as tx:
        erasure.settle_checks(tx, clock(), "x", [Checked("1", Standing.GONE)])
        assert erasure.erase_item(tx, clock(), "Ada", next(r.id for r in rows(store, item) if r.native_id == "2"))
    assert (found(store, "kumquats"), found(store, "physalis"), found(store, "grace")) == ([], [], [])
    if store.sqlite:
        with store.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        path = Path(make_url(str(store.url)).database or "")
        assert b"kumquat" not in path.read_bytes()
        assert b"physalis" not in path.read_bytes()


def test_what_an_older_program_stored_is_indexed_by_the_worker(store: Store) -> None:
    keep(store, said("1", "Who pays after the pilot? #QLabs"))
    with store.write() as tx:
        tx.execute(update(item).values(tokens=None))
    assert found(store, "pilot") == []
    assert housekeep.index(store) == 1
    assert found(store, "pilot") == ["1"]
    assert housekeep.index(store) == 0


def test_similar_questions_share_wording_and_are_open(store: Store) -> None:
    first = asked(store, "1", "Who pays for peer support after the pilot ends? #QLabs")
    near = asked(store, "2", "Who pays for the groups after a pilot ends? #QLabs", author_id="18")
    asked(store, "3", "Where can I find a group in Cardiff? #QLabs", author_id="19")
    with store.read() as tx:
        alike = search.alike(tx, question_row(store, first))
        assert [(row.id, shared > 0.4) for row, shared in alike] == [(near, True)]
        assert [row.id for row in search.open_questions(tx, alike[0][0].event_id, "cardiff")] != [near]
