"""The commands. Exit status: 0 done, 1 it could not be done, 2 wrong usage or settings."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot import check as checks
from bot import init, pipes, plans, report, serve
from bot.channels import NotTold
from bot.networks.base import NetworkFailure
from bot.settings import DEFAULT_FILE, Settings, SettingsError, load
from bot.store import backup, erasure, people, schema, status
from bot.store import report as after
from bot.store.engine import Store
from bot.worker import Worker

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
people_app = typer.Typer(no_args_is_help=True, help="Who may sign in to the console.")
app.add_typer(people_app, name="people")

Config = Annotated[Path | None, typer.Option("--config", help="The settings file.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines.")]


def _fail(words: object, code: int = 1) -> NoReturn:
    print(f"backchannel: {words}", file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def _plainly() -> Iterator[None]:
    """Whatever cannot be done is said in one clear sentence."""
    try:
        yield
    except SettingsError as failure:
        _fail(failure, 2)
    except plans.NotPossible as failure:
        _fail(failure, 2)
    except BrokenPipeError:  # who reads our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (schema.NewerDatabase, serve.NotWhole, backup.NotCopied, init.NotBegun, NotTold, NetworkFailure) as failure:
        _fail(failure)
    except OSError as failure:
        place = f"{failure.filename}: " if failure.filename else ""
        _fail(f"{place}{failure.strerror or failure}. See that this user may use it, and that there is room.")
    except SQLAlchemyError as failure:
        cause = getattr(failure, "orig", None) or failure
        _fail(f"The database refused: {str(cause).splitlines()[0]}. Check `database` in the settings, and the disk.")


def _settings(config: Path | None) -> Settings:
    return load(config, os.environ)


def _print(one: Any) -> None:
    print(json.dumps(one, ensure_ascii=False) if not isinstance(one, str) else one, flush=True)


@app.command("init")
def initialise(config: Config = None) -> None:
    """Ask for what a first event needs, and write the settings and the secrets. Nothing is written over."""
    with _plainly():
        settings, secrets = init.begin(config or DEFAULT_FILE, _asked, _print)
        _print(f"Written: {settings}, and {secrets} for you alone. Next: backchannel check")


def _asked(question: str, default: str, secret: bool) -> str:
    answer: str = typer.prompt(question, default=default or None, hide_input=secret, prompt_suffix="\n> ")
    return answer


@app.command()
def run(config: Config = None) -> None:
    """Worker and console in one process."""
    with _plainly():
        serve.start_logging()
        serve.run(_settings(config))


@app.command()
def worker(
    config: Config = None,
    until_idle: Annotated[bool, typer.Option(help="Read each source once, send what is due, and stop.")] = False,
) -> None:
    """Only the part that reads and sends."""
    with _plainly():
        serve.start_logging()
        settings = _settings(config)
        if not until_idle:
            serve.run(settings, console=False)
            return
        with serve.opened(settings) as store:
            Worker(store, settings).until_idle()


@app.command()
def console(config: Config = None) -> None:
    """Only the pages for people."""
    with _plainly():
        serve.start_logging()
        serve.run(_settings(config), worker=False)


@app.command()
def rehearse(
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="How many times faster than ten minutes.")] = 1.0,
    keep: Annotated[bool, typer.Option(help="Go on with the last rehearsal, and keep its data.")] = False,
    faults: Annotated[float, typer.Option(min=0, max=0.9, help="Share of calls that fail.")] = 0.0,
    leave: Annotated[bool, typer.Option(help="End with the script instead of staying open.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the rehearsal keeps its data.")] = Path("var/rehearsal"),
    listen: Annotated[str | None, typer.Option(help="Host and port of the console.")] = None,
) -> None:
    """The whole program on an invented event, with no account anywhere."""
    with _plainly():
        serve.start_logging()
        settings = load(serve.rehearsal_settings(folder, speed, faults, listen), {})
        serve.rehearse(settings, folder, speed=speed, keep=keep, leave=leave)


@app.command()
def check(
    config: Config = None,
    as_json: Json = False,
    alert_test: Annotated[bool, typer.Option("--alert-test", help="Send a message to where alerts go.")] = False,
) -> None:
    """Everything that is needed, what is missing, and how to fix it. Nothing is posted."""
    with _plainly():
        serve.start_logging()  # to standard error: standard output is for the lines
        settings = _settings(config)
        if alert_test:
            checks.try_alerts(settings)
        failed = False
        with serve.opened(settings) as store:
            with store.write() as tx:
                plans.lay_out(tx, store.now(tx), settings)
            networks = plans.open_networks(settings, store)
            try:
                for line in checks.examine(settings, store, networks):
                    failed = failed or line.level == "fail"
                    said = {"where": line.where, "level": line.level, "what": line.what, "fix": line.fix}
                    _print(said if as_json else f"{line.level:4}  {line.where}: {line.what} {line.fix}".rstrip())
            finally:
                for network in networks.values():
                    network.close()
        if failed:
            raise typer.Exit(1)


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database up to date."""
    with _plainly(), serve.opened(_settings(config)) as store, store.read() as tx:
        _print(f"The database is at version {schema.current(tx)}.")


@app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; none is written over.")],
    config: Config = None,
) -> None:
    """Copy the SQLite database to a new file, while the program runs."""
    with _plainly():
        _print(f"{file}: {backup.copy(_settings(config).database, file) / 1e6:.1f} MB, checked.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` made.")],
    config: Config = None,
) -> None:
    """Put a backup in the SQLite database's place, with all posting paused. Stop the program first."""
    with _plainly():
        settings = _settings(config)
        before = backup.restore(settings.database, file)
        _print(f"{file} is the database now. All posting is paused, and drafts are held: look under Updates first.")
        if before is not None:
            _print(f"What was there before is kept in {before}: delete it when you no longer need it.")


@people_app.command("add")
def people_add(
    name: str,
    role: Annotated[
        str | None, typer.Option(help="viewer, facilitator (if nothing is said), comms, lead or owner.")
    ] = None,
    event: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Only for this event; else for all of them.")
    ] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a password to sign in with.")] = False,
    config: Config = None,
) -> None:
    """Add a person, or give one another role or password; print a sign-in link that works once."""
    with _plainly():
        settings = _settings(config)
        secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else None
        with serve.opened(settings) as store:
            try:
                _print(serve.appoint(settings, store, name, role, secret, event))
            except ValueError as failure:
                _fail(failure, 2)


@people_app.command("remove")
def people_remove(name: str, config: Config = None) -> None:
    """Somebody can sign in no more, and what they have open ends; what they did stays in the history."""
    with _plainly(), serve.opened(_settings(config)) as store, store.write() as tx:
        there = people.by_name(tx, name)
        if there is None:
            _fail(f"There is nobody called {name} who could sign in. Nothing was changed.")
        try:
            people.shut_out(tx, there.id)
        except people.LastOwner as failure:
            _fail(failure)
        _print(f"{there.name} can sign in no more.")


@app.command()
def entries(
    place: Annotated[str, typer.Argument(metavar="FILE-OR-URL")],
    timezone: Annotated[str, typer.Option(help="The blog's time zone.")] = "Europe/London",
    year: Annotated[int | None, typer.Option(min=1970, max=9998, help="The year of days that name none.")] = None,
    as_json: Json = False,
) -> None:
    """The entries of a live blog, in page order."""
    with _plainly():
        found = pipes.entries(place, timezone, year)
        for entry in found.entries:
            said = pipes.entry_line(entry, timezone)
            _print(said if as_json else f"{said['day']} {said['time']}  {said['title'] or said['text'][:80]}")
        count = "1 entry" if len(found.entries) == 1 else f"{len(found.entries)} entries"
        told = f"read as {found.form}, {count}." if found.form else "holds no entry."
        print(f"backchannel: {place} {' '.join((told, *found.doubts))}", file=sys.stderr)


@app.command()
def preview(
    network: Annotated[str, typer.Option(help="x, mastodon, bluesky or wordpress.")], as_json: Json = False
) -> None:
    """How texts on standard input (JSON Lines) would go out on a network."""
    _each(lambda said: pipes.preview(network, said), as_json, lambda one: "\n".join(p["text"] for p in one["parts"]))


@app.command()
def triage(
    themes: Annotated[str, typer.Option(help="The event's themes, with commas between them.")] = "",
    as_json: Json = False,
) -> None:
    """What kind of item each text on standard input (JSON Lines) is."""
    names = [theme.strip() for theme in themes.split(",") if theme.strip()]
    _each(lambda said: pipes.triage(said, names), as_json, lambda one: f"{one['kind']:9} {one['id']}  {one['why']}")


@app.command()
def group(as_json: Json = False) -> None:
    """Which texts on standard input (JSON Lines) ask the same."""
    with _plainly():
        for one in pipes.group(list(pipes.lines_in())):
            _print(one if as_json else f"{one['cluster']:>6} {one['id']}  {' '.join(one['text'].split())}")


def _each(work: Callable[[Any], dict[str, Any]], as_json: bool, shown: Callable[[dict[str, Any]], str]) -> None:
    with _plainly():
        for said in pipes.lines_in():
            one = work(said)
            _print(one if as_json else shown(one))


@app.command()
def erase(
    item: Annotated[int | None, typer.Option(help="The number of one item.")] = None,
    author: Annotated[str | None, typer.Option(help="NETWORK:HANDLE, all that one person wrote.")] = None,
    config: Config = None,
) -> None:
    """Blank one item, or all of one person, for good."""
    with _plainly():
        if (item is None) == (author is None):
            _fail("Say either --item NUMBER or --author NETWORK:HANDLE.", 2)
        with serve.opened(_settings(config)) as store:
            said = _erased(store, item, author)
            store.empty_log()
            _print(said)


def _erased(store: Store, item: int | None, author: str | None) -> str:
    with store.write() as tx:
        now = store.now(tx)
        if item is not None:
            if not erasure.erase_item(tx, now, "command line", item):
                _fail(f"There is no item {item}. Nothing was changed.")
            return f"Item {item} is erased and cannot come back."
        network, colon, handle = str(author).partition(":")
        if not colon or not handle:
            _fail("Write the author as NETWORK:HANDLE, for example mastodon:@ada@mastodon.example.", 2)
        count = erasure.erase_author(tx, now, "command line", network, handle)
        if not count:
            _fail(f"Nothing by {handle} on {network} is stored. Nothing was changed.")
        return f"{count} items by that person are erased and cannot come back."


@app.command()
def export(
    event: Annotated[str, typer.Option(metavar="SLUG", help="Which event.")],
    form: Annotated[str, typer.Option("--format", help="csv, jsonl or html.")] = "csv",
    config: Config = None,
) -> None:
    """What was asked, what became of it, thoughts and figures, on standard output. Nobody who asked is named."""
    with _plainly():
        serve.start_logging()  # what is said goes to standard error: standard output is the file
        if form not in report.FORMS:
            _fail(f"There is no format {form}: use one of {', '.join(report.FORMS)}.", 2)
        with serve.opened(_settings(config)) as store, store.read() as tx:
            there = after.event_of(tx, event)
            if there is None:
                _fail(f"There is no event {event}: the settings name each by its slug.", 2)
            sys.stdout.write(report.FORMS[form][0](report.gather(tx, store.now(tx), there)))


@app.command("status")
def show_status(
    config: Config = None,
    as_json: Json = False,
    health: Annotated[bool, typer.Option("--health", help="Exit 1 if a person is needed.")] = False,
) -> None:
    """Sources, outbox, spend and health."""
    with _plainly(), serve.opened(_settings(config)) as store:
        with store.read() as tx:
            found = status.everything(tx, store.now(tx))
        _print(found if as_json else "\n".join(_lines(found)))
        if health and found["needs"]:
            raise typer.Exit(1)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for one in found["sources"]:
        said = one["error"] or f"read well at {one['last_good'] or '(not yet)'}"
        yield f"{one['network']} {one['kind']} {one['address']}: {said}"
    yield "outbox: " + (", ".join(f"{count} {state}" for state, count in found["outbox"].items()) or "settled")
    for one in found["networks"]:
        if one["spent_usd"] or one["budget_usd"] is not None:
            of = "" if one["budget_usd"] is None else f" of ${one['budget_usd']:.2f}"
            lost = f", ${one['lost_usd']:.2f} of it for calls whose answer never came" if one["lost_usd"] else ""
            yield f"{one['network']}: spent ${one['spent_usd']:.2f}{of} this month{lost}"
    if found["paused"]:
        yield "All posting is paused."
    yield from (f"! {need}" for need in found["needs"])


def main() -> None:
    """The command `backchannel`."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # halves of characters, which JSON may hold, leave as their escapes
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
