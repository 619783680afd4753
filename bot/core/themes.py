"""Which of an event's own themes an item speaks of, by the words of the theme's name and their near relations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.core.wording import words

# A theme with one of these stems in its name is also known by the stems to the right.
_RELATED = (
    (
        "access",
        "access acceso acesso access zugang zugäng toegang dostep dostęp erişim mynediad وصول رسائی पहुँच "
        "पहुंच প্রবেশ reach barrier barrierefrei referr refer rural remote online language interpret "
        "translat disab wheelchair deaf sign"
        " digital exclu inclu wait waitlist transport travel hard-to evening childcare eligib sprache "
        "langue idioma lingua taal język dil لغة زبان भाषा ভাষা rollstuhl ländlich 语言 農村 农村 アクセス "
        "言葉 多言語 手話 残疾 无障碍 offline online zoom captions subtitles attend join village distance "
        "bus buses evenings weekend phone letters leaflet english welsh prison refugee homeless excluded "
        "isolated signpost eligible afford ramp blind hearing timetable remotely dorf villaggio pueblo "
        "village wieś wsi köy قرية گاؤں गाँव গ্রাম 中文 地方 area postcode reached nearest accent asylum "
        "migrant farmers farmer men dads",
    ),
    (
        "buy",
        "buy-in buyin convinc persuad scept sceptic skeptic resist leader leadership manager senior board "
        "commission champion sponsor überzeug leitung convencer convaincre convincere overtuig przekon "
        "ikna konvinc direktion direction direcc direzione management"
        " führung 说服 領導 领导 管理层 経営 上司 إدارة إقناع قائل प्रबंध রাজি tokenis respect",
    ),
    (
        "cultur",
        "cultur kultur cultuur kültür diwylliant ثقاف ثقافة ثقافت संस्कृति সংস্কৃতি 文化 stigma attitud "
        "trust hierarch tokenis mindset respect value behaviour stigmat haltung clinician consultant "
        "doctor nurse psychiatrist professional listen believ equal power voice seriously ward "
        "lived-experience expert coproduc co-produc mindset changed jargon label permission fear afraid "
        "patronis ärzte médecins medici médicos artsen lekarz doktor طبيب ڈاکٹر डॉक्टर ডাক্তার 医生 医師 "
        "vertrauen confiance confianza fiducia confiança vertrouwen zaufan güven 信任 信頼 boundary",
    ),
    (
        "evidenc",
        "evidenc tystiolaeth preuve beweis belege evidenz evidencia evidência prove bewijs dowod dowód "
        "kanıt دليل أدلة ادلة ثبوت شواہد सबूत प्रमाण প্রমাণ 证据 證據 エビデンス 根拠 research stud trial "
        "rct outcome measur metric data eval impact effectiv proof prov"
        " cost-effect saving roi evaluat forschung studie étude messen mesurer medir misurare meten mierz "
        "zmierz badan ölç araştırma wirk wirksam 研究 数据 效果 效果 评估 測定 データ 効果 数字 statistic "
        "number survey score result benefit compar readmi admission bed-days length questionnaire "
        "wellbeing sample proven saves save saved figures report publish",
    ),
    (
        "workforc",
        "workforc staff train paid pay payroll salar wage supervis supervision job career role recruit "
        "volunt burnout burn band contract hire employ qualif certif gweithlu hyfforddi cyflog tâl "
        "formation former salari pay payé bénévol rémunér personal ausbild"
        " bezahl gehalt schul ehrenamt personal worker mentor hours shift rota boundar hr interview "
        "induction turnover sick stress expenses course certificate peer-worker caseload vacancy vacancies "
        "manage unpaid pays jobs roles promot retention retain formación salario paga pagan voluntari "
        "capacita personale stipend formazion pagat retribu trabalhador salário formação pagar opleid "
        "betaal personeel salaris vrijwillig szkol płac pracown wynagrodz wolontar eğitim maaş gönüllü "
        "personel"
        " تدريب راتب أجر موظف متطوع تربیت تنخواہ عملہ رضاکار प्रशिक्षण वेतन कर्मचार स्वयंसेव প্রশিক্ষণ "
        "বেতন কর্মী স্বেচ্ছাসেব 培训 培訓 工资 薪 志愿者 员工 人手 倦怠 研修 給料 給与 スタッフ 人材 "
        "ボランティア 燃え尽き 待遇",
    ),
    (
        "fund",
        "fund money budget cost grant pay financ invest price afford finanz geld argent dinero soldi "
        "dinheiro pieniądz para 资金 予算",
    ),
    ("tech", "digital app apps software online platform data device internet video"),
    ("safe", "safe safeguard risk harm protect crisis boundar secur sicher seguridad sicurezza"),
    ("qualit", "qualit standard improv measure outcome"),
    ("famil", "famil carer parent partner child relative"),
    ("young", "young youth child teen school student"),
)
_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_STOP = frozenset(words("and the of in for with to a an et und y e en i ve der die das la le les el de"))


def suggest(wording: str, themes: Sequence[str]) -> str:
    """The theme that `wording` speaks of most, "" if none; the theme's own words count three times as much."""
    if not themes:
        return ""
    said = words(re.sub(r"(?<=\w)['’]", " ", wording))
    scores = [_score(said, *_stems(theme)) for theme in themes]
    best = max(scores)
    return themes[scores.index(best)] if best > 0 else ""


def _score(said: list[str], own: tuple[str, ...], related: tuple[str, ...]) -> int:
    points = 0
    for word in said:
        if _begins(word, own):
            points += 3
        elif _begins(word, related) or (
            not word.isascii() and any(stem in word for stem in related if _ASIAN.match(stem))
        ):
            points += 1
    return points


def _begins(word: str, stems: tuple[str, ...]) -> bool:
    """Whether `word` begins with one of `stems`; a stem of two or three Latin letters is the whole word."""
    return word.startswith(tuple(stem for stem in stems if len(stem) > 3 or not stem.isascii())) or word in stems


@lru_cache(maxsize=256)
def _stems(theme: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    named = [word for word in words(theme) if word not in _STOP]
    own = tuple(_stem(word) for word in named if len(word) > 2 or not word.isascii())
    related = tuple(
        stem
        for known, stems in _RELATED
        if any(word.startswith(known) for word in named)
        for stem in (part for written in stems.split() for part in words(written))
        if len(stem) > 1
    )
    return own, related


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 2)] if word.isascii() and len(word) > 5 else word
