"""What the team, the live blog and our posts say is found by its words, at once and on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url, text, update

from bot import housekeep
from bot.core.items import Checked, Standing
from bot.store import drafts, erasure, keeping, passages, questions
from bot.store.engine import Store
from bot.store.tables import entry as entries
from bot.store.tables import event, note, passage, question
from tests.flows.house import Clock
from tests.store.rows import asked, changed, count, drafted, question_row, rows, source_of


def found(store: Store, words: str = "", publish: bool = True) -> list[tuple[str, int]]:
    """Kind and row of what a search finds, the last written first."""
    with store.read() as tx:
        one = tx.execute(event.select()).first()
        assert one is not None
        return [(one.kind, one.ref) for one in passages.written(tx, one.id, words, publish)[0]]


def noted(store: Store, question_id: int, words: str) -> int:
    with store.write() as tx:
        questions.add_note(tx, store.now(tx), "Amira", question_id, words)
    return int(rows(store, note)[-1].id)


def reword(store: Store, question_id: int, words: str) -> None:
    with store.write() as tx:
        questions.change_words(tx, question_id, wording=words, wording_by="Joe")


def answered(store: Store, question_id: int, words: str) -> int:
    with store.write() as tx:
        now, row = store.now(tx), question_row(store, question_id)
        made = drafts.add(
            tx, now, row.event_id, "answer", [drafts.Wording("x", (words,), item_id=1)], question_id=row.id
        )
        return int(made)


def test_it_is_found_before_the_worker_has_indexed_it_and_after(store: Store) -> None:
    number = asked(store, "1", "Who pays after the pilot? #QLabs")
    written = noted(store, number, "Ask the commissioner about kumquats.")
    reword(store, number, "Who pays for kumquats?")
    title = drafted(store, "Kumquats for all")
    expected = {("wording", number), ("note", written), ("entry", title.entry_id), ("update", title.id)}
    assert set(found(store, "KUMQUAT")) == expected
    assert housekeep.index(store) == 4
    assert set(found(store, "KUMQUAT")) == expected
    assert set(found(store)) == expected
    assert found(store, "kumquats commissioner") == found(store, "amira") == [("note", written)]
    assert found(store, "joe") == [("wording", number)]
    assert housekeep.index(store) == 0


def test_other_words_replace_those_that_it_was_found_by(store: Store) -> None:
    number, draft = asked(store, "1", "Who pays? #QLabs"), drafted(store, "Kumquats for all")
    reword(store, number, "Who pays for kumquats?")
    housekeep.index(store)
    reword(store, number, "Who pays for physalis?")
    changed(store, draft, "Physalis for all")
    for _ in range(2):
        assert found(store, "kumquat") == []
        assert {kind for kind, _ in found(store, "physalis")} == {"wording", "entry", "update"}
        housekeep.index(store)
    reword(store, number, "")
    assert ("wording", number) not in found(store)
    housekeep.index(store)
    assert ("wording", number) not in found(store)


def test_who_may_not_publish_finds_answers_but_no_drafts(store: Store) -> None:
    drafted(store, "Kumquats for all")
    answer = answered(store, asked(store, "1", "Who pays? #QLabs"), "The kumquat fund pays.")
    for _ in range(2):
        assert {kind for kind, _ in found(store, "kumquat", publish=False)} == {"entry", "answer"}
        assert ("answer", answer) in found(store, "fund", publish=False)
        housekeep.index(store)


def test_what_was_erased_is_found_no_more_and_in_no_file(store: Store, clock: Clock) -> None:
    number = asked(store, "1", "Who pays? #QLabs")
    noted(store, number, "About kumquats.")
    reword(store, number, "Who pays for physalis?")
    housekeep.index(store)
    with store.write() as tx:
        erasure.settle_checks(tx, clock(), "x", [Checked("1", Standing.GONE)])
    assert found(store, "kumquats") == found(store, "physalis") == found(store) == []
    housekeep.index(store)
    assert found(store) == []
    if store.sqlite:
        with store.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        held = Path(make_url(str(store.url)).database or "").read_bytes()
        assert b"kumquat" not in held
        assert b"physalis" not in held


def test_an_event_that_is_kept_no_longer_leaves_nothing_to_find(store: Store, clock: Clock) -> None:
    noted(store, asked(store, "1", "Who pays? #QLabs"), "About kumquats.")
    drafted(store, "Kumquats for all")
    housekeep.index(store)
    with store.write() as tx:
        keeping.forget_event(tx, clock(), tx.execute(event.select()).one())
    housekeep.index(store)
    assert count(store, passage) == 0


def test_pages_follow_each_other_without_a_gap(store: Store) -> None:
    number = asked(store, "1", "Who pays? #QLabs")
    written = [noted(store, number, f"Kumquat {n}") for n in range(5)]
    housekeep.index(store)
    written.append(noted(store, number, "Kumquat 5"))
    with store.read() as tx:
        event_id, got, before = source_of(store, "x").event_id, [], 0
        while True:
            page, before = passages.written(tx, event_id, "kumquat", before=before, n=2)
            got += [one.ref for one in page]
            if not before:
                break
    assert got == written[::-1]


def test_signs_alone_find_nothing_and_another_event_finds_nothing(store: Store) -> None:
    noted(store, asked(store, "1", "Who pays? #QLabs"), "About kumquats.")
    assert found(store, "?!") == []
    with store.read() as tx:
        assert passages.written(tx, 999, "kumquats") == ([], 0)


def test_words_that_change_while_they_are_indexed_are_indexed_again(store: Store) -> None:
    number = asked(store, "1", "Who pays? #QLabs")
    reword(store, number, "Who pays for kumquats?")
    with store.write() as tx:
        passages.catch_up(tx)
        tx.execute(update(question).where(question.c.id == number).values(wording="Who pays for physalis?"))
    assert found(store, "kumquat") == []
    assert housekeep.index(store) == 1
    assert found(store, "physalis") == [("wording", number)]


def test_an_entry_that_is_deleted_goes(store: Store) -> None:
    with store.write() as tx:
        tx.execute(
            entries.insert().values(
                event_id=1,
                source_id=source_of(store, "wordpress", "liveblog").id,
                at=store.now(tx),
                title="Kumquats",
                text="",
                state="new",
                seen_at=store.now(tx),
            )
        )
    assert {kind for kind, _ in found(store, "kumquats")} == {"entry"}
    with store.write() as tx:
        tx.execute(entries.delete())
    assert found(store, "kumquats") == []
