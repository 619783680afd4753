"""Several programs begin at the same moment on one empty database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from bot import plans
from bot.settings import load
from bot.store import schema
from bot.store.engine import Store
from bot.store.tables import event, network, source
from tests.flows.program import free_port, played
from tests.store.rows import count, rows

PROGRAMS = 6


def test_programs_that_begin_together_lay_their_settings_out_once(engine_url: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(played(tmp_path, free_port()))
    settings = load(tmp_path / "settings.toml", {})
    together = Barrier(PROGRAMS)

    def begin(_: int) -> None:
        store = Store(engine_url)
        try:
            together.wait(60)
            schema.migrate(store)
            together.wait(60)
            with store.write() as tx:
                plans.lay_out(tx, store.now(tx), settings)
        finally:
            store.close()

    with ThreadPoolExecutor(PROGRAMS) as programs:
        list(programs.map(begin, range(PROGRAMS)))
    store = Store(engine_url)
    assert (count(store, event), count(store, network)) == (1, 4)
    read = Counter((row.network, row.kind) for row in rows(store, source))
    assert set(read.values()) == {1}
    store.close()
