"""What words are about, in all languages alike: a few ideas that tell a cry for help from a tale, or advice from talk.

A word that ends in "*" is a beginning; any other counts as it stands. Chinese and Japanese are found inside a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.core.wording import fold

CONCEPTS: dict[str, str] = {
    "self": (
        "i im ive id ill me my mine myself we our us were weve fi fy dw dwi gen i'n rwy mi mae'n je j jai mon ma mes "
        "moi me nous notre nos on ich mir mich mein* wir uns unser* yo mi mis me conmigo nosotr* nuestr* io mio mia "
        "miei mie mi noi nostr* eu meu minha meus minhas me comigo nos nosso nossa ik mij mijn me wij ons onze ja "
        "mnie mi moj* moim nam nas nasz* ben bana beni benim biz bize bizim أنا انا لي عندي نحن ني اني میں مجھے میرا "
        "میری میرے ہم ہمیں मैं मुझे मेरा मेरी मेरे हम हमें हमारे আমি আমার আমাকে আমরা আমাদের 我 我们 咱 俺 私 僕 俺 わたし うち"
    ),
    "kin": (
        "mum mam mom mother mothers dad dads father son sons daughter* brother sister wife husband partner baby kid "
        "kids child children toddler nan gran grandad uncle aunt* niece nephew cousin neighbour* friend mate carer "
        "boyfriend girlfriend ex stepdad mam mab merch gwr gwraig plant chwaer brawd mere pere fils fille soeur "
        "frere "
        "mari femme enfant* bebe conjoint beau-pere mutter vater sohn tochter bruder schwester mann frau kind kinder "
        "baby freund madre padre hijo hija hermano hermana marido esposa pareja bebe hijos abuela figlio figlia "
        "fratello sorella marito moglie bambin* mae pai filho filha irmao irma esposa padrasto avo moeder vader zoon "
        "dochter broer zus man vrouw kind kinderen vriend partner mama tata taty syn synek corka brat siostra maz "
        "zona "
        "dziecko ojczym anne* baba* ogl* kiz* kardes* koca* kari* cocu* es* أمي ابي والدي والدتي ابني ابنتي زوجي "
        "زوجتي "
        "أخي أختي اولاد الاولاد امي طفل طفلي والدہ والد بیٹا بیٹی بھائی بہن شوہر بیوی بچہ بچے سسرال माँ पिता पिताजी "
        "बेटा बेटी "
        "भाई बहन पति पत्नी बच्चा बच्चे बच्चों মা মায়ের বাবা ছেলে মেয়ে ভাই বোন স্বামী স্ত্রী বাচ্চা 妈 爸 儿子 女儿 丈夫 "
        "妻子 孩子 老公 老婆 哥哥 弟弟 妹妹 姐姐 母 父 息子 娘 夫 妻 子ども 子供 兄 弟 姉 妹"
    ),
    "drug": (
        "meds medic* tablet* pill pills dose dosage mg insulin antidepress* sertraline fluoxetine citalopram "
        "duloxetine lithium warfarin steroid* statin* ibuprofen paracetamol calpol gabapentin amitriptyline inhaler "
        "injection* chemo antibiotic* thinners cbd vitamin vaccin* hrt methotrexate prednisol* painkiller* morphine "
        "tabled* meddygin* moddion medicament* traitement comprime* cachet* doliprane insuline cortisone lithium "
        "medikament* tablette* absetzen ibuprofen marcumar insulin cortison pille* spritze* medicacion pastilla* "
        "tratamiento dosis farmac* pastigli* coumadin cortisone compress* remedio* comprimido* sertralina insulina "
        "medicij* medicati* pillen prednison* dosis lek leki leku lekow dawk* tabletk* euthyrox antybiotyk* insulin* "
        "ilac* hap* doz* دواء الدواء ادوية حبوب الحبوب جرعة انسولين دوا دوائی گولی گولیاں انسولین दवा दवाई गोली "
        "इंसुलिन "
        "ওষুধ ওষুধের বড়ি ইনসুলিন 药 藥 胰岛素 剂量 薬 錠 インスリン 注射"
    ),
    "body": (
        "headache* migraine* lump rash bleed* blood fever temp temperature swollen swell* dizzy itch* tremor shak* "
        "wee poo stool vomit* cough chest stomach kidney thyroid pregnant weeks diabetic cancer tumour bp symptom* "
        "ache* pain* leg legs foot feet joints seizure* pen gwaed poen fievre enceinte migraine* saigne sang "
        "douleur* "
        "tremble* grossesse fieber schwanger bauch knie blut schmerz* schwindel* ausschlag fiebre embarazada sangre "
        "dolor azucar mareo* duele febbre incinta sangue dolore gira testa febre gravida dor cabeca engordei koorts "
        "zwanger bloed pijn ontlasting hoofdpijn uitslag goraczk* ciaz* krew krwi bol wysypk* cukier ates* hamile "
        "agri* kan basim donuyor dondur* tansiyon حرارته حرارة دوخة حامل الم دم ضغط الضغط بخار چکر درد حمل خون बुखार "
        "चक्कर दर्द खून शुगर জ্বর মাথা ঘোরে ব্যথা রক্ত প্রেশার* 发烧 頭暈 头晕 疼 怀孕 出血 血压 血糖 熱 痛 妊娠 血圧 ふらつ めまい"
    ),
    "doctor": (
        "gp doctor* doc nurse* pharmacist consultant hospital hosp* a&e psychiatrist surgeon clinic prescri* "
        "diagnos* "
        "meddyg meddygon ysbyty medecin* docteur hopital urgences arzt arztin hausarzt notaufnahme klinik medico "
        "medica doctor* hospital urgencias medico dottor* ospedale pronto hospital medica huisarts dokter ziekenhuis "
        "lekarz* szpital* doktor* hastane* acil* طبيب الطبيب الطوارئ المستشفى ڈاکٹر ہسپتال डॉक्टर अस्पताल ডাক্তার "
        "হাসপাতাল 医生 醫生 医院 急诊 医者 医師 病院 救急"
    ),
    "end": (
        "die dying dead death suicid* kill goodbye bye end ending gone point burden bridge letters forever asleep "
        "wake stop over done plan marw lladd diwedd farw faich mourir mort finir fini suicide fardeau fin umbringen "
        "sterben tot suizid* aufwachen ende schluss last morir muerte suicid* matarme acabar cansada vivir morire "
        "morta suicid* finita chiudo fine morrer morte suicid* acabar arrumado dood zelfmoord stappen einde hoeft "
        "umrzec smierc samoboj* zyc koniec zabic olmek olum intihar yasamak bitsin bitir* أموت الموت انتحار ارتاح "
        "للابد معنى مرنا موت خودکشی جینے بوجھ मरना मौत आत्महत्या जीने बोझ মরতে মরে মৃত্যু আত্মহত্যা বাঁচতে বোঝা চলে "
        "死 自杀 不想活 活下去 累赘 結束 结束 消え 終わりに 終わら 重荷 生きて いなくな いない方"
    ),
    "despair": (
        "cant cannot alone nobody noone tired exhausted anymore hopeless worthless useless ashamed crying cry cried "
        "scared frightened afraid hurt hurts hurting empty numb lost lonely face cope tonight night unig neb blino "
        "digon ofn heno seule seul personne force fatiguee fatigue peur plus servir allein niemand kraft angst "
        "schaffe mude nacht sola solo nadie fuerzas cansad* miedo ganas sola solo nessuno stanc* paura sozinh* "
        "ninguem cansad* medo aguento alleen niemand moe bang sama sam nikt sily zmeczon* boje yalniz kimse yoruld* "
        "korkuyor* yuk dayanam* وحدي احد تعبت خائف خايفة اكيلا اکیلا اکیلی تھک डर अकेला अकेली थक একা ভয় ক্লান্ত 累 "
        "孤独 没人 怕 绝望 撑 疲れ 一人 ひとり 怖 限界 つら 辛"
    ),
    "violence": (
        "hit hits hitting beat beats beaten bruise* slap* punch* knife rape* touch* abuse abused abusing abuser "
        "locks threat* violent violence hurting hides hiding controls strangl* groom* taro taraw* cam-drin frappe "
        "frappee bat coups couteau viol violence schlagt geschlagen messer gewalt missbrauch* pega pegado golpe* "
        "cuchillo viol* controla picchia botte coltello violent* chiude bate bateu faca bater espanca slaat mes "
        "geslagen misbruik* bije bil uderz* noz przemoc dov* siddet bicak vurdu يضربني ضربني يضرب عنف سكين مارتا "
        "مارتے مارتی تشدد मारता मारते पीटता हिंसा মারে মারধর নির্যাতন 打我 打人 家暴 刀 殴 殴られ 暴力 虐待"
    ),
    "trade": (
        "free cheap buy sell selling order discount offer sale earn income profit loan loans credit money cash "
        "crypto "
        "bitcoin invest* trader followers traffic seo website dm inbox whatsapp telegram click link visit promo "
        "casino bonus win claim prize voucher guaranteed limited register book demo exhibit agency shop price prices "
        "% gratis rhad ennill* arian cliciwch ddolen gratuit* gagn* argent credit cliquez achet* promo pret "
        "kostenlos "
        "gratis verdien* kredit klick* kauf* gewinn* rabatt gratis ganar dinero prestamo* compr* oferta privado clic "
        "gratis guadagn* soldi prestit* acquist* clicca sconto gratis ganh* dinheiro renda emprestimo compr* zap "
        "gratis geld lenen verdien* klik koop korting zarab* pieniadz* pozyczk* kup kliknij darmow* priv zarobek "
        "kazan* para kredi satin tikla indirim bedava dm ربح ارباح دولار قرض اضغط اشتر مجانا خصم الخاص کمانا کمائیں "
        "قرض مفت میسج لاکھوں कमाना कमाएँ लोन मुफ्त मैसेज আয় লোন ফ্রি ইনবক্স লাখ 赚 免费 优惠 微信 私信 "
        "月入 贷款 稼 無料 副業 在宅 万円 DM"
    ),
    "insult": (
        "idiot* moron* stupid lazy scum parasite* clown* fat thick dim* pathetic disgusting whinger* whining useless "
        "snowflake* junkie* loon* cow liar* trash rot silly mental rubbish fuck* f shit* bastard* arse* wank* git "
        "twp ffyliaid diog idiot* fainea* imbecile* incapable* pleurnich* con cons connard* bande debile* idiot* "
        "faul* pack schwatzer dumm* spinner dreck* kindergarten vag* payas* idiota* imbecil* panda gilipoll* fallit* "
        "mantenut* pagliacc* idiot* vergogna stronz* preguicos* palhac* inute* idiota* cambada vagabund* uitvreter* "
        "stelletje idiot* zakkenvuller* gezwam sukkel* nierob* banda darmozjad* idiot* cyrk debil* tembel* asalak* "
        "yaramaz* aptal* salak* فاشلين الفاشلين كسالى شلة اغبياء حمقى نکمے کام چور بیوقوف निकम्मे निकम्मा बेवकूफ "
        "कामचोर "
        "অকর্মা* অকর্মার গাধা বোকা 废柴 蠢货 白痴 滚 垃圾 無能 役立たず バカ 馬鹿 クズ"
    ),
    "hello": (
        "hi hello hiya morning evening afternoon welcome greetings bore bonjour bonsoir salut hallo moin guten "
        "morgen "
        "hola buenos buenas ciao buongiorno buonasera ola bom boa goedemorgen hoi dzien dobry czesc gunaydin merhaba "
        "صباح مرحبا السلام سلام नमस्ते শুভ 早上好 大家好 おはよう こんにちは"
    ),
    "thanks": (
        "thanks thank thankyou thx ta cheers grateful diolch merci danke gracias grazie obrigad* bedankt dank dzieki "
        "dziekuj* tesekkur* شكرا شکریہ धन्यवाद शुक्रिया ধন্যবাদ 谢谢 感谢 ありがとう"
    ),
    "cheer": (
        "great brilliant lovely amazing fab fantastic wonderful excellent congrats congratulations proud happy love "
        "loving enjoy luck bravo wow inspiring inspired gwych llongyfarch* hwyl lwc bravo super genial belle toll "
        "super spass viel erfolg enhorabuena genial animo felic* complimenti bella splendid* parabens incrivel otimo "
        "succes mooie fijn leuk super powodzenia swietn* harika basarilar tebrik* بالتوفيق جميل رائع مبارک زبردست "
        "बधाई "
        "शानदार बढ़िया অভিনন্দন সুন্দর দারুণ 顺利 精彩 加油 成功 楽しかった 応援"
    ),
    "event": (
        "blog live stream session workshop day lunch coffee room slides photo train venue doors break programme "
        "recording watch join follow catch tickets stage blog direct atelier journee suivez liveblog zug blog "
        "jornada "
        "directo resumen diretta giornata blog direto evento blog stream dag trein relacja blog dzien yayin blog gun "
        "البث مدونة تابعونا يوم بلاگ دن ब्लॉग दिन ব্লগ দিন 直播 博客 活动 配信 ブログ"
    ),
    "private": (
        "born dob address postcode surname phone tel mobile number ring flat road row lane street avenue surgery "
        "ward "
        "nhs passport email mail rue strasse calle via rua straat ulica ul sokak numaram cell telefone telefon "
        "dni pesel adres adresse direccion indirizzo morada اسمي رقمي عنوان نمبر نام नाम नंबर নাম ফোন 电话 住 叫 電話 "
        "申します 住所"
    ),
    "ask": (
        "how what why who whom whose which when where wot hw whats hows wheres whos sut beth be pam pwy pryd ble "
        "faint "
        "comment pourquoi qui quand combien quel* quoi wie warum wieso wer wann wo was welch* wohin woher como por "
        "que "
        "quien cuando donde cuant* cual* come perche chi quando dove quant* qual* cosa quem onde porque hoe waarom "
        "wie "
        "wanneer waar wat welk* hoeveel jak dlaczego kto kiedy gdzie ile co ktor* skad nasil neden niye kim kimin "
        "nerede nereden kac* ne hangi هل كيف لماذا من متى اين كم ما ماذا وين کیا کیسے کیوں کون کب کہاں کتن* کس क्या "
        "कैसे क्यों कौन कब कहाँ कितन* किस kya kaise কি কী কেন কীভাবে কিভাবে কে কখন কোথায় কত কার কটায় 什么 怎么 为什么 谁 "
        "哪 多少 几 吗 吗 何 どう なぜ 誰 どこ いつ いくら ですか ますか でしょうか ませんか んか ましたか"
    ),
    "seek": (
        "looking hoping wondering wonder wondered curious interested need want know hear learn tell explain clarify "
        "advise share link source tips ideas advice anyone anybody someone somebody question q query please pls "
        "could "
        "recommend chwilio tybed hoffwn cwestiwn allai rhywun gwybod cherche cherchons savoir aimerai* question "
        "quelquun suche suchen wissen interessier* frage jemand weiss konnt* busco buscamos saber gustaria pregunta "
        "duda "
        "alguien podri* cerco cerchiamo sapere vorrei domanda qualcuno potet* procuro saber gostav* gostari* duvida "
        "alguem podem zoek weten benieuwd vraag vraagje iemand szukam wiedziec ciekawi pytanie ktos prosil* "
        "ariyorum merak sormak ogren* bilen var أبحث ابحث أود أريد استفسار سؤال أحد ممكن تلاش جاننا جاننا سوال کوئی "
        "بتا "
        "ढूँढ जानना सवाल कोई बताइए খুঁজছি জানার জানতে প্রশ্ন কেউ বলবেন 想问 请问 想知道 求 找 请 能不能 知りたい 教えて "
        "探し 気にな 説明"
    ),
    "answer": (
        "yes no yep nope because nobody nothing never always everyone cos yes exactly obviously ie na oherwydd oui "
        "non "
        "parce jamais toujours ja nein weil nie niemals si no nunca siempre sim nao porque nee omdat altijd tak nie "
        "bo "
        "nigdy zawsze evet hayir yok cunku نعم لا لان ہاں نہیں کیونکہ हाँ नहीं क्योंकि হ্যাঁ না কারণ 是的 不需要 因为 はい "
        "いいえ なぜなら"
    ),
    "irony": (
        "another yet again great sure imagine surprise shocking wow bless because obviously clearly fantastic lovely "
        "encore genial noch super wieder otra mas claro altro ennesim* bellissimo mais outro maravilha weer nog "
        "kolejn* "
        "pieknie yine daha bir استبيان آخر ایک اور फिर एक और আবার আরেকটা 又 再 また 最高"
    ),
    "believed": (
        "thought believe believed knew guessed imagin* cru cruru pensar pensaba gedacht diria iba avrebbe detto "
        "pomyslal "
        "bilir bilirdi bilebilirdi feddyliai يصدق كان سوچا सोचा ভেবেছিল জানত 能想到 想到 思った"
    ),
    "event's": (
        "today's groups tables table panel organisers team programme vote voted moderator comment comments reminder "
        "slides "
        "tickets doors starts starting began back closed moved follow join read missed update here tomorrow 10 10h "
        "uhr "
        "ore horas godz saat rendez suivez lest leest seguid sigan seguite sigam volg sledzcie تابعونا شروع शुरू "
        "শুরু "
        "关注 开始 スタート"
    ),
    "tale": (
        "was were had went came told said asked got used found helped saved lost made sat cried laughed years ago "
        "roedd "
        "oedd etait avait aide sauvee war hatte hat gesagt geholfen era fue ayudo habia era stato aiutato foi era "
        "salvou "
        "was had hielp zei pomogla byl byla oldu etti vardi dedi كان كانت ساعدتني تھا تھی था थी ছিল 了 た ました でした"
    ),
    "ought": (
        "should must need needs never always please dylai faut devrai* muss musste sollte* brauchen brauch* hace "
        "falta "
        "deberia* serve servono dovrebb* precisa* deve* moet* nodig trzeba powinn* dajcie gerek* lazim نحتاج يجب "
        "چاہیے "
        "चाहिए দরকার উচিত 需要 应该 べき 必要"
    ),
    "peers": (
        "peer peers group groups support volunteer* training trust staff service* patients ward team evidence grwp "
        "gwirfoddolwyr cymheiriaid groupe* benevole* pair* gruppe* ehrenamt* genesungsbegl* grupo* voluntari* gruppo "
        "volontar* grupo* groep* vrijwillig* lotgenoten grup* wolontari* gonullu* مجموعة المتطوع* داعم* گروپ "
        "رضاکار* समूह "
        "ग्रुप स्वयंसेव* দল দলে স্বেচ্ছাসেব* 小组 志愿者 互助 グループ ボランティア 会"
    ),
    "may": (
        "can could may should shall ok okay safe normal dangerous ga allwn puis peux peut dois darf kann soll darf "
        "ich "
        "puedo debo dejo posso devo riprendo mag kan moet moge odstawic zwiekszyc olur mu mi اوقف يمكن لگاؤں لگائوں "
        "करूँ "
        "कर दूँ जाएँ দেব করব 可以 要不要 能 大丈夫 べき いいですか"
    ),
    "you": (
        "you your u ur youre yours yourself chi eich ti vous votre vos tu te ihr euch eure* sie ihre* du vosotros "
        "hacéis "
        "ustedes os vuestr* voi vostr* vi voces voce vcs vossa jullie je u uw wy wasz* panstwo siz sizin انتم لديكم "
        "آپ "
        "आप आपके আপনারা আপনাদের আপনি 你们 你 您 皆さん あなた"
    ),
}  # fmt: skip

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _tables() -> tuple[dict[str, set[str]], dict[str, set[str]], list[tuple[re.Pattern[str], str]]]:
    whole: dict[str, set[str]] = {}
    begin: dict[str, set[str]] = {}
    runs = []
    for name, written in CONCEPTS.items():
        known = written.split()
        runs.append((re.compile("|".join(re.escape(fold(w)) for w in known if _UNSPACED.search(w))), name))
        for word in known:
            table = begin if word.endswith("*") else whole
            table.setdefault(fold(word.rstrip("*")), set()).add(name)
    return whole, begin, runs


_WHOLE, _BEGIN, _RUNS = _tables()
_SHORTEST, _LONGEST = min(map(len, _BEGIN)), max(map(len, _BEGIN))


def concepts(words: Iterable[str]) -> list[str]:
    """The ideas that folded `words` touch, sorted, each once."""
    found: set[str] = set()
    for word in words:
        found |= _of(word)
    return sorted(found)


@lru_cache(maxsize=16384)
def _of(word: str) -> frozenset[str]:
    if _UNSPACED.search(word):
        return frozenset(name for run, name in _RUNS if run.search(word))
    found = set(_WHOLE.get(word, ()))
    for size in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found |= _BEGIN.get(word[:size], set())
    return frozenset(found)
