"""Words that mean nearly the same in a question, brought under one name, so that a question asked anew is recognised.

Each name stands before the words it covers: English first, then the same in other languages. A word that ends in "*" is
a beginning. What is in no list stands for itself, without its ending.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.wording import fold, padded, words

_NAMED = {
    "pay": (
        "pay pays paid paying unpaid free fee fees charge charges ticket* economic fund funds funded funding funder "
        "funders finance* money cost costs costing price budget* "
        "salar* wage* expens* afford* reimburse* bill foot cash grant grants paie payer paye* financ* argent cout* "
        "bezahl* zahlt zahlen geld kosten kostet finanzier* paga pagan pagar dinero cuesta costo financia* pagare "
        "costa "
        "soldi paga pagam dinheiro custa betaalt betalen geld kost placi placa pieniadze kosztuje oduyor para talu "
        "tal"
    ),
    "train": (
        "train trains trained training trainer* course* qualif* accredit* certificat* induction* curriculum teach "
        "taught formation* former ausbild* schulung* formacion capacita* formazione formacao treina* opleid* szkol* "
        "egitim* hyfforddi*"
    ),
    "measure": (
        "measur* outcome* evidence evidenced prove proves proof proven evaluat* data metric* indicator* figure* "
        "statistic* "
        "research* stud* rct trial trials impact result* success effective* work works worked working difference "
        "mesur* "
        "preuve* resultat* mess* beleg* wirk* nachweis* medir miden evidencia resultado* misura* prove risultat* "
        "medem "
        "provas meten bewijs mierz* dowod* olc* kanit* mesur"
    ),
    "recruit": (
        "recruit* find finds finding attract* hire hiring reach reaching reached involve* engage* bring join "
        "joining encourage* invite*"
    ),
    "keep": (
        "keep keeping retain* retention sustain* continue* last lasts lasting survive* stay staying maintain* "
        "going"
    ),
    "stop": "end ends ended ending stop stops stopped finish* over runout gone close* finish* closes leave* quit",
    "leader": (
        "manager* management boss* leader* director* executive* board commissioner* chief senior trust chef* "
        "direction "
        "leitung vorstand direccion jefe* direzione capo direcao chefe* directie baas dyrekc* mudur yonetim"
    ),
    "convince": "convince* persuad* sell buyin buy-in board onboard backing approve* agree win sceptic* skeptic* buy",
    "clinician": (
        "clinician* doctor* gp gps nurse* consultant* medic medics psychiatrist* professional* medecin* arzt* "
        "medic*"
    ),
    "supervise": (
        "supervis* oversee* oversight debrief* mentor* mentoring superviseur* begleitung begeleiding superwizj*"
    ),
    "rural": (
        "rural remote countryside village* island* isolated farm* farmer* sparsely land landlich* pueblo* dorf* "
        "campagne "
        "paese paesi aldeia platteland dorp* wies wsi koy* gwledig*"
    ),
    "travel": "transport bus buses travel drive taxi fare fares",
    "online": (
        "online digital virtual zoom teams internet video remote* web app apps broadband tech whatsapp facebook"
    ),
    "language": (
        "language* translat* interpret* english welsh urdu polish bilingual langue* sprache* idioma* lingua* taal "
        "jezyk* dil iaith"
    ),
    "young": (
        "young youth teen* adolescent* student* school* jeune* jugend* joven* giovan* jove* jongere* mlodzi* "
        "genc*"
    ),
    "old": "old older elderly pensioner* dementia age aged retired seniors",
    "men": (
        "men man dads dad fathers blokes lads male males husbands hommes manner hombres uomini homens mannen "
        "mezczyzn* erkek*"
    ),
    "women": (
        "women woman mums mothers female females wives femmes frauen mujeres donne mulheres vrouwen kobiet* "
        "kadin*"
    ),
    "carer": (
        "carer* caregiver* relative* family families parent* spouse* partner* aidant* angehorig* cuidador* "
        "familiar* mantelzorg* opiekun*"
    ),
    "prison": "prison* probation jail offender* inmate* custody",
    "safe": "safe safety safeguard* risk* harm boundar* danger*",
    "crisis": "crisis suicid* emergency urgent relapse* breakdown",
    "start": "start starts starting started begin* began set setup launch* create first establish* kick",
    "share": (
        "share shared sharing slide slides recording recorded record handout* link links available download* "
        "publish* slideshow powerpoint deck"
    ),
    "venue": "venue room hall building parking toilet* loo location place",
    "wifi": "wifi password signal network code",
    "refer": "refer* signpost* gatekeep* eligib* access accessing accept* entry criteria",
    "scale": "scale scaling spread roll rollout national expand* grow growing replicate* elsewhere",
    "record": (
        "notes record records paperwork data-protection gdpr confidential* privacy consent information-governance"
    ),
    "volunteer": "volunteer* benevole* ehrenamt* voluntari* vrijwillig* wolontari* gonullu* gwirfoddol*",
    "role": "role job jobs post description contract* band career progression employ* hr",
    "small": "small smaller tiny few little",
    "deaf": "deaf sign bsl hearing",
    "feedback": "feedback heard update report* afterwards happens next follow action* outcome",
    "define": "define definition mean means meaning exactly difference between versus",
    "match": "match matching matched pair* paired",
    "register": (
        "register* registration signup book booking enrol* apply application* subscribe anmeld* inscri* iscri* "
        "aanmeld* zapis*"
    ),
    "contact": "contact* email mail phone write reach address number details",
    "decide": "decid* decision* chose choose* chosen choosing pick* select* vote* voted voting",
    "plan": "plan plans planned planning strategy roadmap future vision ambition*",
    "problem": "problem* issue* barrier* obstacle* challenge* difficult* hard harder hardest stuck trouble",
    "hospital": "hospital* ward wards inpatient* acute",
    "local": "local community communities neighbourhood area areas near nearby",
    "diverse": "ethnic* minorit* bame black asian divers* inclusi* equal* cultural* culture cultures",
    "homeless": "homeless* housing rough hostel*",
    "refugee": "refugee* asylum migrant* immigrant* newcomer*",
    "insurance": "insur* liabil* covered indemnity",
    "vetting": "dbs crb vetting checks check background",
    "rules": "policy policies guideline* guidance nice framework* standard* rule rules protocol*",
    "material": "toolkit* template* resource* material* handbook* manual guide guides",
    "lead": "lead leads leading facilitat* run runs running host* chair* organis* organiz* coordinat* charge",
    "food": "food lunch coffee tea catering vegan vegetarian dietary menu snack*",
    "childcare": "childcare creche nursery babysit*",
    "accessible": "accessib* stepfree wheelchair* ramp lift disabled disabilit* entrance mobility",
    "event": "event events workshop* meeting* conference* session* summit webinar*",
    "live": "stream livestream streaming broadcast watch watching remotely",
    "wellbeing": "wellbeing lookafter selfcare mental burnout exhaust* overwork* stress* tired resilience",
    "inperson": "inperson facetoface physical physically",
    "drop": "dropout drop* attrition turnover leavers leave leaves leaving quit quitting",
    "partner": "partnership* collaborat* jointly together",
    "author": "author* wrote written writer* behind",
    "number": "numbers amount total size count",
    "time": "hours weekly monthly minutes duration weeks months",
    "benefit": "benefit* helpful advantage* gain gains worth value",
    "new": "new newly beginner* newcomer newbie* diagnosed",
    "nobody": "without no none never lack lose lost",
    "isolate": "lonely loneliness isolat* alone",
    "peer": (
        "peer peers lived experience group groups support supporter* supporting worker* work people person pair "
        "pairs aidant* "
        "groupe* gruppe* grupo* gruppo groep* grupa grup* cymheiriaid grwp service* patient* programme project scheme"
    ),
}  # fmt: skip
GENERIC = 0.3  # the weight of what everybody speaks of
_GENERIC = frozenset({"peer"})
_PHRASES = {
    "run out": "runout",
    "runs out": "runout",
    "ran out": "runout",
    "running out": "runout",
    "set up": "setup",
    "buy in": "buyin",
    "on board": "onboard",
    "face to face": "facetoface",
    "in person": "inperson",
    "burn out": "burnout",
    "burning out": "burnout",
    "step free": "stepfree",
    "sign up": "signup",
    "look after": "lookafter",
    "looks after": "lookafter",
    "looking after": "lookafter",
    "drop out": "dropout",
    "dropped out": "dropout",
    "follow up": "feedback",
    "roll out": "rollout",
    "take part": "join",
    "taking part": "join",
    "get involved": "join",
    "data protection": "gdpr",
    "sign language": "bsl",
    "get hold of": "contact",
    "in charge": "lead",
}
_PHRASE = re.compile(rf"(?<= )(?:{'|'.join(_PHRASES)})(?= )")
_FOCUS = {
    "who": "who whos whom whose qui wer wen wem quien quienes chi quem wie kto kim pwy",
    "how many": (
        "how-many how-much how-big combien wieviel wieviele cuanto cuantos quanto quanti quantos hoeveel ile kac faint"
    ),
    "how long": "how-long",
    "how often": "how-often",
    "where": "where wheres ou wo donde dove onde waar gdzie nerede ble",
    "when": "when whens date dates quand wann cuando quando wanneer kiedy pryd",
    "why": "why whys pourquoi warum wieso por-que perche porque waarom dlaczego neden niye pam",
}
_IDLE = frozenset(
    words(
        "a an the this that these those it its is are was were be been being am do does did done has have had will "
        "would can could should shall may might must to of in on at by for from with about into as and or but so if "
        "then than there here what which how i im ive id we us our my me you your u ur they them their he she his "
        "her anyone anybody someone somebody everyone people one any some all just also really very actually please "
        "pls thanks thank hi hello know tell say said think wonder wondering like want need ask question room panel "
        "table speakers speaker get got go going use used make made more much many lot lots ever yet still now "
        "today when where who why not dont often long big happen happens happened come comes coming came back after "
        "once afterwards during while before between copy morning afternoon session tomorrow advice tips tip idea "
        "ideas suggestions exactly different look looks looking thing things way ways other others own same too "
        "well good best right next new first last able let give gives given take takes took put try tried help "
        "helps see seen someones persons theres lets until face both either neither whether else anything something "
        "nothing dear great sorry curious responsible mid long-term out up off down through each every again even "
        "doesnt whats whos hows wheres pour ce cest quoi par sur dans avec il elle ils aux se sont pas plus fur bei "
        "zu ich sie ihr por si hay no sus su al della dei nel una sono na dos das voor zijn er je ik o ze le la les "
        "un une des du de et en est que qui comment vous nous der die ein eine und ist wie man den von mit el los "
        "las y es como para con lo di e che per os um uma da com het een van hoe op w z jak czy bir bu ve icin mi "
        "nasil yr sut mae yn"
    )
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_PAIRS = re.compile(r" how (many|much|often|long|big) ")


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    begin: dict[str, str] = {}
    for name, written in _NAMED.items():
        for word in written.split():
            (begin if word.endswith("*") else whole).setdefault(fold(word.rstrip("*")), name)
    return whole, begin


_WHOLE, _BEGIN = _tables()
_SHORTEST = min(map(len, _BEGIN))
_FOCUS_OF = {word: focus for focus, written in _FOCUS.items() for word in written.split()}


def meanings(said: list[str]) -> dict[str, float]:
    """What folded words mean, with its weight: 1 for an idea, 1.2 for a word of its own, little for what all "
    "speak of."""
    found: dict[str, float] = {}
    for word in said:
        for name, weight in _of(word):
            found[name] = weight
    return found


def focus(said: list[str]) -> str:
    """What is asked for: "who", "how many", "where", "when", "why", or "" (how, what, whether)."""
    joined = _PAIRS.sub(r" how-\1 ", f" {' '.join(said)} ").split()
    return next((_FOCUS_OF[word] for word in joined if word in _FOCUS_OF), "")


@lru_cache(maxsize=16384)
def _of(word: str) -> tuple[tuple[str, float], ...]:
    if _UNSPACED.search(word):
        return tuple((word[at : at + 2], 0.6) for at in range(len(word) - 1)) or ((word, 0.6),)
    if word in _IDLE or word in _FOCUS_OF:
        return ()
    name = _WHOLE.get(word) or _beginning(word)
    if name:
        return ((name, GENERIC),) if name in _GENERIC else ((name, 1.0), (f"={root(word)}", 0.25))
    return ((f"={root(word)}", 1.2),)


def _beginning(word: str) -> str:
    sizes = range(len(word), _SHORTEST - 1, -1)
    return next((_BEGIN[word[:size]] for size in sizes if word[:size] in _BEGIN), "")


def root(word: str) -> str:
    """A folded word without its ending."""
    if not word.isascii() or len(word) < 5:
        return word
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:7].rstrip("e")


def folded(text: str) -> list[str]:
    """The folded words of `text` (tags and links taken out before), phrases that are one idea as one word."""
    return _PHRASE.sub(lambda phrase: _PHRASES[phrase.group()], padded(text)).split()
