"""What changed on a live blog since it was read last: new, edited and gone entries, and what a person must decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.core import identity
from bot.core.identity import Known, differs
from bot.core.items import Entry, EntryPage
from bot.core.likeness import changed_words, text_likeness, title_likeness
from bot.core.typography import folded

__all__ = ["Changes", "Doubt", "Known", "changed_words", "compare", "differs"]

_ALIKE = 0.6  # titles from here on may be one title before and after a correction
_REWRITTEN = 0.3  # long texts below this share no more than any two texts do
_KINDRED = 0.5  # texts from here on may be one text before and after an edit


@dataclass(frozen=True)
class Doubt:
    """What only a person can decide. Its entries and known ones are neither new nor edited nor gone meanwhile.

    `kind` is ``page``, ``format`` (many at once), ``vanished``, ``copy``, ``days`` or ``which``.
    """

    kind: str
    sentence: str
    entries: tuple[Entry, ...] = ()
    known: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Changes:
    """The difference, each entry and each known one in one place only. `new` is oldest first.

    `old` is what stood on the page at the first read; `back` had been gone.
    """

    new: tuple[Entry, ...] = ()
    edited: tuple[tuple[Known, Entry], ...] = ()
    gone: tuple[Known, ...] = ()
    same: tuple[tuple[Known, Entry], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    old: tuple[Entry, ...] = ()
    back: tuple[tuple[Known, Entry], ...] = ()


@dataclass
class _State:
    """What is not matched yet, by index, and what is."""

    known: Sequence[Known]
    entries: Sequence[Entry]
    free_known: dict[int, Known]
    free_entries: dict[int, Entry]
    pairs: dict[int, int] = field(default_factory=dict)  # known -> entry
    doubts: list[Doubt] = field(default_factory=list)

    def pair(self, known: int, entry: int) -> None:
        """They are the same entry."""
        self.pairs[known] = entry
        del self.free_known[known], self.free_entries[entry]

    def doubt(self, kind: str, sentence: str, entries: Iterable[int], known: Iterable[int] = ()) -> None:
        """Take them out of play until a person has decided."""
        its_entries, its_known = sorted(entries), sorted(known)
        doubt = Doubt(
            kind, sentence, tuple(self.entries[i] for i in its_entries), tuple(self.known[i] for i in its_known)
        )
        self.doubts.append(doubt)
        for entry in its_entries:
            self.free_entries.pop(entry, None)
        for each in its_known:
            self.free_known.pop(each, None)


def compare(known: Sequence[Known], page: EntryPage, *, first: bool = False, most_new: int = 5) -> Changes:
    """Tell what the page holds against what is stored; whatever is not certain becomes a doubt, not a guess.

    At the first read nothing is new. More than `most_new` new or edited entries in one read stop for a person.
    """
    spoken = [Doubt("page", sentence) for sentence in page.doubts]
    if not page.changed:
        return Changes(doubts=tuple(spoken))
    if first:
        return Changes(old=page.entries, doubts=tuple(spoken))
    state = _State(known, page.entries, dict(enumerate(known)), dict(enumerate(page.entries)), doubts=spoken)
    if not page.entries and page.whole and any(not each.gone for each in known):
        _vanished(state, "The page has no entries any more")
        return Changes(doubts=tuple(state.doubts))
    _match(state)
    _copies(state, identity.heading)
    _copies(state, lambda entry: identity.text(entry) if identity.fingerprint(entry) else None)
    _rivals(state)
    _leftovers(state, most_new)
    return _changes(state, page, most_new)


def _match(state: _State) -> None:
    """Surest evidence first; each step pairs only what is unique on both sides."""
    _by_key(state)
    _identical(state)
    _copies(state, lambda entry: (identity.heading(entry), identity.text(entry)))
    _same_heading(state)
    _unique(state, lambda e: (e.day, identity.title(e)), _retimed)
    _same_place_similar_title(state)
    _unique(state, lambda e: identity.text(e) if identity.fingerprint(e) else None)
    _unique(state, lambda e: (e.time, identity.title(e)), _moved)


def _by_key(state: _State) -> None:
    keys = {each.key: index for index, each in state.free_known.items() if each.key}
    for index, entry in list(state.free_entries.items()):
        if entry.key and keys.get(entry.key) in state.free_known:
            state.pair(keys[entry.key], index)


def _identical(state: _State) -> None:
    """Two equal entries are two only if two are stored; those that are not gone come first."""
    groups = defaultdict(list)
    for index, each in sorted(state.free_known.items(), key=lambda item: item[1].gone):
        groups[identity.heading(each), identity.text(each), identity.images(each)].append(index)
    for index, entry in list(state.free_entries.items()):
        group = groups[identity.heading(entry), identity.text(entry), identity.images(entry)]
        if group and not entry.key:
            state.pair(group.pop(0), index)


def _same_heading(state: _State) -> None:
    """Same day, time and title: the text was edited, unless the texts say that another entry was meant."""
    for all_known, all_entries in _groups(state, identity.heading):
        known = [i for i in all_known if i in state.free_known]  # an earlier doubt may have taken some along
        entries = [i for i in all_entries if i in state.free_entries]
        if len(known) == len(entries) == 1 and not _torn(state, known[0], entries[0]):
            state.pair(known[0], entries[0])
        elif known and entries:
            title = state.entries[entries[0]].title
            sentence = f"It is not certain which entry is which under the heading “{title}”."
            state.doubt("which", sentence, *_with_kin(state, entries, known))


def _torn(state: _State, known: int, entry: int) -> bool:
    """Whether the text of one of them is found under another heading, or nothing of it is left."""
    stored, read = state.known[known], state.entries[entry]
    if identity.fingerprint(stored) and any(
        identity.text(e) == identity.text(stored) for i, e in state.free_entries.items() if i != entry
    ):
        return True
    if identity.fingerprint(read) and any(
        identity.text(k) == identity.text(read) for i, k in state.free_known.items() if i != known
    ):
        return True
    return (
        identity.fingerprint(stored)
        and identity.fingerprint(read)
        and text_likeness(stored.text, read.text) < _REWRITTEN
    )


def _with_kin(state: _State, entries: Sequence[int], known: Sequence[int]) -> tuple[set[int], set[int]]:
    """A doubt takes along whatever has the text of one of its own, lest that passes for new meanwhile."""
    texts = [state.known[i].text for i in known if identity.fingerprint(state.known[i])]
    kin = {i for i, e in state.free_entries.items() if any(text_likeness(t, e.text) >= _KINDRED for t in texts)}
    texts = [state.entries[i].text for i in kin.union(entries) if identity.fingerprint(state.entries[i])]
    lost = {i for i, k in state.free_known.items() if any(text_likeness(k.text, t) >= _KINDRED for t in texts)}
    return kin.union(entries), {i for i in lost if not state.known[i].gone}.union(known)


def _same_place_similar_title(state: _State) -> None:
    """Same day and time, one candidate on each side, a similar title: a corrected title, or a line that grew."""
    for known, entries in _groups(state, lambda e: (e.day, e.time)):
        if len(known) != 1 or len(entries) != 1:
            continue
        stored, read = state.known[known[0]], state.entries[entries[0]]
        corrected = title_likeness(stored.title, read.title) >= _ALIKE and _retimed(state, known[0], entries[0])
        if corrected or _grown(stored, read):
            state.pair(known[0], entries[0])


def _grown(stored: Known, read: Entry) -> bool:
    """What is typed on one line is a title while it is short, and text when it goes on: the words decide."""
    one, other = (folded(f"{each.title} {each.text}").strip() for each in (stored, read))
    shorter, longer = sorted((one, other), key=len)
    return bool(stored.title) != bool(read.title) and shorter != "" and longer.startswith(shorter)


def _unique(
    state: _State,
    evidence: Callable[[Known | Entry], Hashable | None],
    holds: Callable[[_State, int, int], bool] = lambda *_: True,
) -> None:
    """Pair what shares the evidence if exactly one on each side has it."""
    for known, entries in _groups(state, evidence):
        if len(known) == len(entries) == 1 and holds(state, known[0], entries[0]):
            state.pair(known[0], entries[0])


def _groups(state: _State, evidence: Callable[[Known | Entry], Hashable | None]) -> list[tuple[list[int], list[int]]]:
    """Those without a key of their own, by evidence; what is gone comes back only unchanged."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, each in state.free_known.items():
        if not each.key and not each.gone:
            groups[evidence(each)][0].append(index)
    for index, entry in state.free_entries.items():
        if not entry.key:
            groups[evidence(entry)][1].append(index)
    groups.pop(None, None)
    return [(known, entries) for known, entries in groups.values() if known and entries]


def _retimed(state: _State, known: int, entry: int) -> bool:
    """Half a heading is the same: their texts must agree, or, where there is little text, their place on the page."""
    stored, read = state.known[known], state.entries[entry]
    if identity.fingerprint(stored):
        return text_likeness(stored.text, read.text) >= _KINDRED
    return bool(identity.images(stored) & identity.images(read)) or _same_slot(state, known, entry)


def _moved(state: _State, known: int, entry: int) -> bool:
    """The same time and title on another day, with the text that it had."""
    return identity.text(state.known[known]) == identity.text(state.entries[entry]) and _same_slot(state, known, entry)


def _same_slot(state: _State, known: int, entry: int) -> bool:
    """Whether both stand alone between the same two entries. Unknown, and so no, where positions are not stored."""
    live = [index for index, each in enumerate(state.known) if not each.gone]
    if len({state.known[index].position for index in live}) < len(live):
        return False
    live.sort(key=lambda index: state.known[index].position)
    place = live.index(known)
    above = next((state.pairs[i] for i in reversed(live[:place]) if i in state.pairs), None)
    below = next((state.pairs[i] for i in live[place + 1 :] if i in state.pairs), None)
    matched = sorted(state.pairs.values())
    if above != max((i for i in matched if i < entry), default=None):
        return False
    if below != min((i for i in matched if i > entry), default=None):
        return False
    top, bottom = -1 if above is None else above, len(state.entries) if below is None else below
    return not any(top < i < bottom for i in state.free_entries if i != entry)


def _copies(state: _State, evidence: Callable[[Known | Entry], Hashable | None]) -> None:
    """An entry that repeats one that is known, or stands on the page twice, must not be announced again."""
    seen = {evidence(state.entries[i]) for i in state.pairs.values()}
    seen |= {evidence(each) for each in state.known if each.gone} | {each.key for each in state.known if each.key}
    for index, entry in list(state.free_entries.items()):
        what = entry.key or evidence(entry)
        if what in seen and what is not None:
            state.doubt("copy", f"“{entry.title}” ({entry.time}) repeats another entry.", [index])
        seen.add(what)


def _rivals(state: _State) -> None:
    """Where a changed entry has a second one beside it that could be it as well, neither is certain."""
    for known, entry in list(state.pairs.items()):
        stored, read = state.known[known], state.entries[entry]
        if stored.key or not differs(stored, read):
            continue
        rivals = [i for i, each in state.free_entries.items() if _shares(stored, each)]
        if rivals:
            del state.pairs[known]
            sentence = f"“{stored.title}” ({stored.time}) was edited, and {len(rivals) + 1} entries could be it."
            state.doubt("which", sentence, [entry, *rivals], [known])


def _shares(known: Known, entry: Entry) -> bool:
    """Whether half the heading or the text is that of the known one."""
    if known.day == entry.day and (known.time == entry.time or identity.title(known) == identity.title(entry)):
        return True
    return identity.text(known) == identity.text(entry) != ""


def _leftovers(state: _State, most_new: int) -> None:
    """Entries that are perhaps known ones in another form wait for a person, and so do too many at once."""
    lost = [index for index, each in state.free_known.items() if not each.gone]
    if len(state.free_entries) > most_new:
        count = len(state.free_entries)
        sentence = f"{count} entries look new at once: a pasted day, or the blog writes its headings in another way."
        state.doubt("format", sentence, list(state.free_entries), lost)
        return
    for index, entry in list(state.free_entries.items()):
        perhaps = [i for i in lost if i in state.free_known and _may_be(state.known[i], entry)]
        if perhaps:
            titles = ", ".join(f"“{state.known[i].title}”" for i in perhaps)
            sentence = f"“{entry.title}” ({entry.time}) is new, or is {titles} in another form."
            others = [i for i, e in state.free_entries.items() if any(_may_be(state.known[k], e) for k in perhaps)]
            state.doubt("which", sentence, {index, *others}, perhaps)
    copies = [entry for doubt in state.doubts if doubt.kind == "copy" for entry in doubt.entries]
    for index in [i for i in lost if i in state.free_known]:
        stored = state.known[index]
        if any(_may_be(stored, entry) for entry in copies):
            sentence = f"“{stored.title}” ({stored.time}) is gone, or was made to look like another entry."
            state.doubt("which", sentence, (), [index])


def _may_be(known: Known, entry: Entry) -> bool:
    """Whether a person could take them for one entry: anything in common, or no text to tell them apart."""
    if known.key or entry.key:
        return False
    if known.day == entry.day and not (identity.fingerprint(known) and identity.fingerprint(entry)):
        return True
    shared = (known.day == entry.day) + (known.time == entry.time) + (identity.title(known) == identity.title(entry))
    if shared >= 2 or (identity.title(known) == identity.title(entry) and known.title != ""):
        return True
    alike = known.day == entry.day and title_likeness(known.title, entry.title) >= _ALIKE
    return alike or text_likeness(known.text, entry.text) >= _KINDRED


def _changes(state: _State, page: EntryPage, most_new: int) -> Changes:
    pairs = [(state.known[known], state.entries[entry]) for known, entry in sorted(state.pairs.items())]
    live = [pair for pair in pairs if not pair[0].gone]
    edited = _edited(state, [pair for pair in live if differs(*pair)], most_new)
    _all_gone(state, page)
    new = tuple(state.free_entries[index] for index in sorted(state.free_entries, reverse=page.newest_first))
    return Changes(
        new=new,
        edited=tuple(edited),
        gone=tuple(each for each in state.free_known.values() if not each.gone) if page.whole else (),
        same=tuple(pair for pair in live if not differs(*pair)),
        doubts=tuple(state.doubts),
        back=tuple(pair for pair in pairs if pair[0].gone),
    )


def _edited(state: _State, edited: list[tuple[Known, Entry]], most: int) -> list[tuple[Known, Entry]]:
    """The edits, without those that come in such a number that the blog itself must have changed."""
    shifted = [pair for pair in edited if pair[0].day != pair[1].day]
    if len(shifted) > 1:
        sentence = f"{len(shifted)} entries are on another day than before: was a day heading changed?"
        state.doubts.append(_pair_doubt("days", sentence, shifted))
        edited = [pair for pair in edited if pair not in shifted]
    if len(edited) <= most:
        return edited
    state.doubts.append(_pair_doubt("format", f"{len(edited)} entries look edited at once: check the blog.", edited))
    return []


def _pair_doubt(kind: str, sentence: str, pairs: Sequence[tuple[Known, Entry]]) -> Doubt:
    return Doubt(kind, sentence, tuple(entry for _, entry in pairs), tuple(known for known, _ in pairs))


def _all_gone(state: _State, page: EntryPage) -> None:
    """A day that vanished whole, or most entries at once, is more likely a mishap of the page than a wish."""
    lost = [each for each in state.free_known.values() if not each.gone]
    if not lost or not page.whole:
        return
    live = Counter(each.day for each in state.known if not each.gone)
    days = Counter(each.day for each in lost)
    whole_day = next((day for day, count in days.items() if count > 1 and count == live[day]), None)
    if whole_day:
        _vanished(state, f"All entries of {whole_day} are gone")
    elif len(lost) > 2 and len(lost) * 2 > live.total():
        _vanished(state, f"{len(lost)} of {live.total()} entries are gone at once")


def _vanished(state: _State, what: str) -> None:
    lost = [index for index, each in state.free_known.items() if not each.gone]
    state.doubt("vanished", f"{what}: if that was meant, withdraw their posts; if not, mend the page.", (), lost)
