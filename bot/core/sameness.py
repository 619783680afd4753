"""When two items ask the same thing in the same words: exact repeats, retyped ones, ones with "
"thanks or tags around."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bot.core.wording import excerpt, plain, without_tags, words

_DRESSING = frozenset(
    words(
        "the a an please pls plz thanks thank thx ta cheers hi hello hey hiya so and well question q um er "
        "erm just dear all everyone folks "
        "le la les un une der die das ein eine el los las il lo gli o os as de het een merci danke gracias "
        "grazie obrigado obrigada bedankt dzieki dziekuje "
        "tesekkurler diolch شكرا شکریہ धन्यवाद ধন্যবাদ svp bitte por favor vd prosze"
    )
)
_POLITE = re.compile(
    r" (?:(?:many |so |very )?(?:thanks|thank you|thankyou|thx|cheers|ta)(?: (?:so|very|you))*(?: "
    r"much)?(?: in advance| for (?:this|asking|the blog|doing this|the live blog|all this|any help))?|"
    r"in advance|"
    r"kind regards|best wishes|asking for a friend|just (?:wondering|curious|asking)|(?:a )?(?:quick "
    r")?question (?:for|to) the (?:panel|room|team|speakers?|group)|good (?:morning|afternoon|evening)|"
    r"merci (?:d avance|beaucoup)|vielen dank|danke (?:im voraus|schon)|muchas gracias|gracias de "
    r"antemano|grazie mille|muito obrigad[oa]|alvast bedankt|dank je wel|z gory dziekuje|simdiden "
    r"tesekkurler|diolch yn fawr|s il vous plait|por favor)(?= )"
)
_UNSPACED_DRESSING = re.compile(r"^(?:请问|請問)|(?:谢谢|謝謝|ありがとうございます|よろしくお願いします)$")
_CROWDED = 300  # of the items that share a third of their words, the newest that are compared


def fingerprint(text: str) -> str:
    """The folded words alone: equal for repeats that differ in links, tags, case, accents, signs; "" "
    "if none is left."""
    return " ".join(words(without_tags(excerpt(plain(text)))))


def similar(a: str, b: str) -> float:
    """How much of their wording two texts share, 0 to 1, over words in order or not (Dice)."""
    left, right = _core(a), _core(b)
    if not left or not right:
        return 0.0
    spare = list(right)
    shared = 0
    for word in left:
        if word in spare:
            spare.remove(word)
            shared += 1
    return 2 * shared / (len(left) + len(right))


def same_question(a: str, b: str) -> bool:
    """Whether one text is the other again: the same words in the same order but for thanks, tags, "
    "articles, a slip."""
    return _same(_core(a), _core(b))


def find_same(text: str, others: Iterable[tuple[int, str]]) -> int | None:
    """The id of the first of `others` that asks the same in the same words, None if none does."""
    core = _core(text)
    return next((id for id, other in others if _same(core, _core(other))), None)


class Index:
    """Finds an earlier near-identical text without comparing all pairs.

    Two slips at most are forgiven, so that of three thirds of the words one is always equal: only texts that
    share a third, at the same place, are compared.
    """

    def __init__(self) -> None:
        self._joined: dict[str, int] = {}
        self._thirds: defaultdict[tuple[int, str, str], list[int]] = defaultdict(list)
        self._cores: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._cores)

    def add(self, id: int, text: str) -> None:
        """Remember `text` under `id`; a text without words is left out, an id that is known is replaced."""
        core = _core(text)
        self._cores.pop(id, None)
        if not core:
            return
        self._cores[id] = core
        held = self._joined.get("".join(core))
        if held is None or self._cores.get(held) is None or "".join(self._cores[held]) != "".join(core):
            self._joined["".join(core)] = id
        for key in _thirds(core):
            self._thirds[key].append(id)

    def find(self, text: str) -> int | None:
        """The id of an earlier text that asks the same in the same words, None if there is none."""
        core = _core(text)
        if not core:
            return None
        exact = self._joined.get("".join(core))
        if exact is not None and _same(core, self._cores.get(exact, ())):
            return exact
        for key in _thirds(core):
            for id in self._thirds.get(key, [])[-_CROWDED:]:
                if _same(core, self._cores.get(id, ())):
                    return id
        return None


def _core(text: str) -> tuple[str, ...]:
    """The words that make the question: without thanks, greetings, articles, and the signs around them."""
    said = words(without_tags(excerpt(plain(text))))
    kept = [
        _UNSPACED_DRESSING.sub("", word) if not word.isascii() else word
        for word in _POLITE.sub("", f" {' '.join(said)} ").split()
    ]
    core = [word for word in kept if word and word not in _DRESSING]
    return tuple(core or said)


def _thirds(core: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """The keys of a text: each third of its words beside its shape, the words that forgive no slip and initials."""
    size = len(core)
    if size < 4:
        return []
    shape = " ".join(word[0] if _may_slip(word) else word for word in core)
    cuts = (0, (size + 2) // 3, size - size // 3, size)
    return [(part, " ".join(core[cuts[part] : cuts[part + 1]]), shape) for part in range(3)]


def _may_slip(word: str) -> bool:
    return len(word) >= 5 and word.isalpha() and word[0].isascii()


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if not a or not b:
        return False
    if a == b or "".join(a) == "".join(b):
        return True
    if len(a) != len(b) or len(a) < 4:
        return False
    slips = 1 if len(a) < 8 else 2
    differing = [(left, right) for left, right in zip(a, b, strict=True) if left != right]
    return len(differing) <= slips and all(_slip(left, right) for left, right in differing)


def _slip(a: str, b: str) -> bool:
    """Whether two words differ by one slip of the finger (a letter lost, doubled, swapped or wrong "
    "inside a long word)."""
    short, long = sorted((a, b), key=len)
    if not (_may_slip(a) and _may_slip(b)) or len(long) - len(short) > 1 or short[0] != long[0]:
        return False
    start = next((n for n, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    rest_short, rest_long = short[start:], long[start:]
    if len(short) < len(long):
        return rest_short == rest_long[1:]
    swapped = rest_short[:2] == rest_long[1::-1] and rest_short[2:] == rest_long[2:]
    return swapped or (len(short) > 5 and rest_short[1:] == rest_long[1:])
