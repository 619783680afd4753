"""The wordings, per language, that put a flag on an item; matched on folded words between blanks."""

from __future__ import annotations

import re

from bot.core.wording import fold


def _any(*wordings: str) -> re.Pattern[str]:
    return re.compile(r" (?:" + "|".join(fold(wording) for wording in wordings) + r")(?= )")


def _runs(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(fold(wording) for wording in wordings))


DISTRESS = _any(
    r"(?:kill|killing|hurt|hurting|harm|harming|cut|cutting) (?:myself|my self)",
    r"suicidal|self ?harm(?:ing|ed)?|end(?:ing)? (?:it all|my life|my own life|things for good)",
    r"(?:want|wanted|wish|wishing|ready) (?:to die|to be dead|to disappear|i was dead|i were dead|i "
    r"wasnt here|to not be here)",
    r"(?:dont|do not|didnt|not) (?:want|see (?:the|any) point|see a reason)(?: \w+){0,2} (?:be here "
    r"anymore|be here any ?more|to live|"
    r"live(?: any ?more)?|be alive|wake up|carry on|carrying on|going on|to go on|in living)",
    r"(?:cant|can not|cannot|cant possibly) (?:go on|carry on|cope|take (?:it|this|much more)|do this|"
    r"face)(?: \w+){0,4} (?:any ?more|longer|another day|on my own|alone|much longer|tonight)",
    r"(?:cant|can not|cannot) (?:go on|carry on|keep going)",
    r"(?:no|lost (?:all|any)) (?:reason to live|hope left|way out|point (?:in )?(?:going on|living|"
    r"carrying on))|nothing (?:left )?to live for",
    r"better off (?:without me|dead|if i)|(?:noone|no one|nobody) would (?:miss|notice if) (?:me|i)",
    r"(?:took|taken|taking) (?:an overdose|all my (?:tablets|pills|meds))|overdosed|"
    r"i(?:m| am)? (?:not safe|dont feel safe|am scared of what i|scared of what i|scared i(?:ll| will| might))",
    r"(?:at|in) (?:breaking point|crisis)(?: \w+){0,3} (?:and|help|alone|now|tonight|please)|im (?:in "
    r"crisis|at breaking point|desperate)",
    r"(?:he|she|they|partner|husband|wife|dad|mum|carer|boyfriend) (?:hits|beats|hurts|is hitting|keeps "
    r"hitting|hit|threatens) (?:me|her|him|us)",
    r"(?:dont|do not) know (?:how (?:much longer|long) i can|where (?:else )?to turn|what to do (?:any "
    r"?more|with myself)|how to (?:go on|carry on|keep going))|"
    r"(?:nobody|noone|no one) (?:cares|would care|is listening|listens)(?: if i| about me| any ?more)|"
    r"(?:hate|hating) (?:myself|my life|being alive)|(?:feel|feeling|im|am) (?:so |completely |utterly "
    r")?(?:hopeless|worthless|suicidal|trapped)|"
    r"(?:end of my (?:tether|rope)|given up (?:on life|hope)|giving up (?:on life|hope)|rock bottom|"
    r"(?:cry|crying) (?:myself to sleep|every (?:day|night))|whats the point(?: of (?:living|me|going "
    r"on|any of it|anything))|"
    r"(?:thinking|thoughts|thought) (?:of|about) (?:ending|dying|death|suicide|killing)|not (?:be|"
    r"being) here (?:any ?more|tomorrow|next week)|struggling to (?:stay alive|get through (?:the|each|"
    r"tonight))|"
    r"(?:im|i am|weve|were) (?:really |so )?(?:not coping|struggling so much|falling apart|breaking "
    r"down)|cant cope|cannot cope)",
    r"(?:hen (?:fyw|fynd)|lladd fy hun|eisiau marw|methu cario ymlaen|methu dal ati|niweidio fy hun)",
    r"(?:me tuer|me suicider|envie (?:de mourir|d en finir|den finir)|en finir|plus envie de vivre|je n "
    r"en peux plus|je nen peux plus|idees suicidaires|me faire du mal)",
    r"(?:mich umbringen|bringe mich um|will (?:nicht mehr leben|sterben)|nicht mehr leben|kann nicht "
    r"mehr|mir das leben nehmen|suizidgedanken|ritze mich|selbst verletze)",
    r"(?:quiero morir(?:me)?|matarme|suicidarme|no quiero (?:seguir )?vivi(?:r|endo)|no puedo mas|"
    r"acabar con todo|quitarme la vida|hacerme dano)",
    r"(?:voglio morire|uccidermi|ammazzarmi|farla finita|non ce la faccio piu|non voglio piu vivere|"
    r"togliermi la vita|farmi del male)",
    r"(?:quero morrer|me matar|matar me|suicidar me|nao (?:aguento|consigo) mais|nao quero mais viver|"
    r"acabar com tudo|tirar a minha vida)",
    r"(?:wil (?:niet meer leven|dood)|mezelf (?:iets aandoen|van kant)|zelfmoord plegen|ik kan niet "
    r"meer|hoeft niet meer voor mij|uit het leven stappen)",
    r"(?:chce (?:umrzec|sie zabic|ze soba skonczyc)|zabic sie|nie chce (?:juz )?(?:mi sie )?zyc|nie "
    r"daje juz rady|nie mam juz sily|mysli samobojcze)",
    r"(?:olmek istiyorum|intihar|yasamak istemiyorum|dayanamiyorum(?: artik)?|kendime zarar|canima "
    r"kiymak|kendimi oldur\w*)",
    r"(?:أريد أن أموت|اريد ان اموت|أنتحر|الانتحار|لا أريد أن أعيش|لم أعد أحتمل|لم اعد احتمل|أؤذي نفسي|أنهي حياتي)",
    r"(?:مرنا چاہت\w+|خودکشی|جینا نہیں چاہت\w+|اب برداشت نہیں ہوتا|خود کو نقصان)",
    r"(?:मरना चाहत[^ ]+|आत्महत्या|जीना नहीं चाहत[^ ]+|अब सहा नहीं जाता|खुद को नुकसान|और नहीं सह सकत[^ ]+)",
    r"(?:মরে যেতে চাই|মরতে চাই|আত্মহত্যা|বাঁচতে চাই না|আর পারছি না|নিজেকে শেষ)",
)
DISTRESS_RUNS = _runs(
    "不想活|想死|自杀|自殺|活不下去|撑不下去|撐不下去|伤害自己|結束生命|结束生命|死にたい|消えたい|"
    "生きていたくない|もう限界|自傷|もう生きられない"
)
NOT_DISTRESS = _any(
    r"(?:suicide|suicidal|self ?harm) (?:prevention|rates?|strategy|training|awareness|services?|policy|"
    r"research|statistics|bereavement|risk assessments?)",
    r"(?:suizidpravention|prevention du suicide|prevencion del suicidio|prevenzione del suicidio|zelfmoordpreventie)",
    r"(?:laughing|laughter|cake|cuteness|cringe|puns?|excitement)",
)
ABUSE = _any(
    r"(?:you|youre|you are|ur|your|yall|u|these|those|bunch of|load of|all|pack of|such|are|stupid|"
    r"bloody|f\w*ing)(?: \w+){0,3} "
    r"(?:idiots?|morons?|scum|imbeciles?|cretins?|parasites?|scroungers?|wankers?|pricks?|clowns?|"
    r"losers?|liars|pathetic|cunts?|vermin|"
    r"leeches|nutters|psychos|retards?|snowflakes|trash|filth|disgusting)",
    r"(?:fuck|piss|bugger|sod) off|fuck (?:you|u|this|the|them|all)|shut (?:up|the f\w* up)|go to hell|"
    r"drop dead|kill (?:yourself|yourselves|urself)|kys|"
    r"stfu|screw you|hate you(?: all| people)?|(?:son|sons) of bitch\w*|you people make me sick|"
    r"(?:lock|locked) (?:them|these people|you|em) (?:all )?up|(?:belong|belongs) in (?:the loony bin|"
    r"an asylum|a cage|a zoo)",
    r"(?:waste|wasting) of (?:space|oxygen|skin)|shame on you(?: all)?|get a (?:real |proper )?(?:job|"
    r"life|grip)|attention seek(?:ers|ing)|man up|grow up you|bunch of (?:\w+ )?(?:\w+ers|whiners|"
    r"crybabies|freaks|weirdos|hippies|lunatics|quacks)|"
    r"you(?: \w+){0,2} (?:freaks?|weirdos?|lunatics?|frauds?|stupid|useless|lazy|disgust\w*|moronic|"
    r"ugly|thick|deluded)|(?:lazy|crazy|mental|stupid|useless|whining|moaning) (?:people like you|lot|"
    r"gits?|sods?|bastards?|cow|cows|pigs?)|"
    r"(?:snowflakes?|crazies|mentalists|loonies|crybabies|moron|morons|scum|imbeciles?)",
    r"(?:nutters|scroungers|spastics|retards|cunts?|twats?|wankers?|arseholes?|assholes?|bastards|"
    r"bitches|dickheads?|tossers?)",
    r"(?:twpsod|idiotiaid|cau dy geg|caewch eich ceg)",
    r"(?:connards?|connasses?|abrutis?|bande d \w+|encules?|salopes?|salauds?|ta gueule|fermez la|debiles|cretins)",
    r"(?:idioten|arschlocher|arschloch|vollidioten?|halts? maul|haltet (?:die klappe|das maul)|"
    r"dreckspack|schmarotzer|verpisst euch|spinner)",
    r"(?:idiotas|imbeciles|gilipollas|hijos? de puta|mierda|callaos|callense|vayanse al infierno|pendejos|estupidos)",
    r"(?:idioti|imbecilli|stronzi|stronzo|coglioni|vaffanculo|fate schifo|parassiti|deficienti)",
    r"(?:otarios|imbecis|filhos? da puta|calem a boca|vao se foder|vagabundos|nojentos|burros)",
    r"(?:idioten|klootzakken|klootzak|sukkels|hou je bek|hou je mond|rot op|tering\w*|mongolen|profiteurs)",
    r"(?:idioci|debile|kretyni|zamknijcie sie|zamknij sie|spierdalaj\w*|kurwa|gnoje|pasozyty)",
    r"(?:aptallar|salaklar|gerizekalilar|serefsizler|kapa ceneni|siktir\w*|geri zekali\w*|beyinsizler)",
    r"(?:أغبياء|اغبياء|حمقى|اخرسوا|كلاب|حثالة|يا حمار)",
    r"(?:بیوقوفو|احمقو|کمینے|گدھے|بکواس بند|حرامی)",
    r"(?:बेवकूफ[^ ]*|मूर्खों|कमीने|गधे|बकवास बंद|हरामी[^ ]*)",
    r"(?:বোকার দল|গাধা|হারামি|চুপ কর|শয়তানের দল)",
)
ABUSE_RUNS = _runs("白痴|傻逼|滚蛋|滾蛋|去死|废物|廢物|闭嘴|閉嘴|バカども|馬鹿ども|クソ|くたばれ|死ね|黙れ")
MEDICAL = _any(
    r"(?:should|can|could|do|must|is it (?:ok|okay|safe)(?: for me)?|safe|ok|okay|alright|dangerous)(?: "
    r"i)? (?:to )?(?:just |suddenly )?"
    r"(?:stop|come off|up|double|halve|lower|increase|reduce|change|skip|mix|combine|take|restart|quit|"
    r"wean off|swap)(?: \w+){0,3} "
    r"(?:meds|medication|medicine|medicines|tablets?|pills?|dose|dosage|insulin|antidepressants?|"
    r"sertraline|citalopram|fluoxetine|lithium|"
    r"clozapine|quetiapine|olanzapine|diazepam|ibuprofen|paracetamol|aspirin|codeine|morphine|tramadol|"
    r"steroids?|prednisolone|warfarin|"
    r"methotrexate|metformin|amitriptyline|gabapentin|pregabalin|naproxen|ssri|inhaler|statins?|hrt|"
    r"antibiotics?)",
    r"(?:what|which|how much|right|correct|higher|lower|maximum|max|usual|my)(?: \w+){0,2} (?:dose|dosage) ",
    r"\d+ ?(?:mg|mcg|ml|milligrams?|units) (?:of|a day|daily|twice|each|every|now|is|and|safe|enough|too)",
    r"(?:my|a|this) (?:\w+ ){0,2}(?:lump|rash|mole|chest pain|chest pains|numbness|bleeding|blood "
    r"pressure|fever|dizzy spells|palpitations)"
    r"(?: \w+){0,8} (?:doctor|gp|a and e|hospital|serious|normal|worry|worried|cancer|diagnos\w+|should "
    r"i|do i|is it|what (?:is|could|do))",
    r"(?:what|which)(?: \w+){0,2} (?:should i take|can i take|do i take|tablets should|medication "
    r"(?:should|would|works|is best)|painkillers? (?:should|can|is|works))",
    r"(?:my|the) (?:doctor|gp|psychiatrist|consultant|nurse)(?: \w+){0,4} (?:prescribed|put me on|took "
    r"me off|wants me (?:on|off)|diagnosed)"
    r"(?: \w+){0,14} (?:should i|is (?:it|that|this) (?:safe|ok|okay|normal|right)|can i|do i|shall i)",
    r"(?:should|can|could|do) i (?:just )?(?:take|have|try|use|come off|stop|start|up|double|mix|skip|"
    r"carry on taking|keep taking|switch)(?: \w+){0,4} (?:with|alongside|while|instead|for|together|my|"
    r"if|before|after)(?: \w+){0,4} "
    r"(?:meds|medication|medicine|tablets?|pills?|\w+(?:ine|pam|pril|lol|statin|zole|mycin|cillin|done|"
    r"profen)|pain|anxiety|depression|alcohol|sleep|headaches?|migraines?|pregnant|symptoms|blood "
    r"pressure|seizures?|cbd|st johns wort)",
    r"(?:stop|stopping|come off|coming off|came off|stopped|quit|reduce|reducing|halve|double) (?:my|"
    r"his|her|the|taking my|taking the|taking)(?: \w+)? (?:meds|medication|medicines?|tablets?|pills?|"
    r"dose|insulin|antidepressants?|\w+(?:pram|line|pine|pam|etine))(?= )",
    r"what (?:medication|medicine|meds|painkiller|antidepressant|dose|treatment|drug)(?: \w+){0,3} (?:i|"
    r"me|my|best|recommend)|(?:diagnose|diagnosis for) me|(?:which|what) (?:drug|antidepressant|"
    r"painkiller)",
    r"(?:side effects?|withdrawal)(?: \w+){0,5} (?:should i|is it|normal|my|am i|im on|what can i)",
    r"(?:do i have|could it be|could this be|have i got|is it) (?:cancer|diabetes|bipolar|adhd|"
    r"depression|a stroke|fibromyalgia|sepsis|arthritis|endo\w*)",
    r"(?:dylwn i|allaf i|ydy hi n ddiogel|ydyn ddiogel)(?: \w+){0,5} (?:meddyginiaeth|tabledi|moddion|dos)",
    r"(?:dois je|puis je|est ce (?:dangereux|que je (?:peux|dois)))(?: \w+){0,6} (?:medicaments?|"
    r"traitement|dose|antidepresseurs?|comprimes|cachets|insuline)",
    r"(?:soll|kann|darf|muss) ich(?: \w+){0,6} (?:medikamente?|tabletten|dosis|insulin|antidepressiva|"
    r"absetzen|ibuprofen|cortison|einnehmen)",
    r"(?:debo|puedo|deberia)(?: \w+){0,6} (?:medicacion|medicamentos?|pastillas?|dosis|insulina|"
    r"antidepresivos?|ibuprofeno)",
    r"(?:devo|posso|dovrei)(?: \w+){0,6} (?:farmac\w+|medicin\w+|pastigli\w+|dose|insulina|"
    r"antidepressiv\w+|compress\w+|remedios?|medicac\w+|comprimidos?)",
    r"(?:moet|kan|mag) ik(?: \w+){0,6} (?:medicijnen|medicatie|pillen|dosis|dosering|insuline|"
    r"antidepressiva|tabletten|paracetamol)",
    r"(?:czy )?(?:powinnam|powinienem|moge|mam)(?: \w+){0,6} (?:lek\w{0,3}|tabletk\w+|dawk\w+|"
    r"insulin\w+|antydepresant\w+)",
    r"(?:ilac\w*|doz\w*|hap\w*|antidepresan\w*|insulin\w*)(?: \w+){0,4} (?:birak\w*|alma\w*|kesme\w*|"
    r"artir\w*|kullan\w*)(?: \w+)? (?:miyim|mi)",
    r"(?:هل (?:يمكنني|أستطيع|استطيع|يجب))(?: \w+){0,5} (?:الدواء|دوائي|أدويتي|ادويتي|الجرعة|الحبوب)",
    r"(?:دوا|دوائی|گولی|گولیاں|خوراک)(?: \w+){0,4} (?:چھوڑ|بند|لے|لوں|کم)(?: \w+){0,3} (?:سکت\w+|چاہیے|دوں)",
    r"(?:दवा|दवाई|दवाइयाँ|गोली|गोलियाँ|खुराक)(?: [^ ]+){0,4} (?:छोड़|बंद|ले|लूँ|कम)(?: [^ ]+){0,3} "
    r"(?:सकत[^ ]+|चाहिए|दूँ)",
    r"(?:ওষুধ|ঔষধ|বড়ি|ডোজ)(?: [^ ]+){0,4} (?:বন্ধ|ছেড়ে|খেতে|কমা[^ ]*)(?: [^ ]+){0,3} (?:পারি|উচিত|পারব)",
)
MEDICAL_RUNS = _runs(
    "(?:我|应该|可以|能).{0,10}(?:停药|停藥|吃药|加量|减量|剂量|服药|换药)",
    "(?:薬|抗うつ薬|服薬|錠剤).{0,12}(?:やめて|飲んで|減らして|増やして|中止して).{0,8}(?:です|でしょう|いい|大丈夫)",
)
SPAM = _any(
    r"(?:buy|order) (?:now|today|cheap|online|followers|likes)|click (?:here|the link|this link|my bio|"
    r"link)|(?:link|check) in (?:my )?bio",
    r"(?:free|cheap|guaranteed|instant|easy|fast) (?:followers|money|crypto|bitcoin|loans?|traffic|gift "
    r"cards?|iphones?|cash|backlinks|v ?bucks|approval)",
    r"(?:bitcoin|crypto|forex|nft|casino|betting|jackpot|viagra|cialis|cbd|seo|backlinks?|weight loss|"
    r"keto)(?: \w+){0,6} "
    r"(?:now|today|investment|profit|returns?|platform|signals?|bonus|trader|mining|pills|gummies|"
    r"services?|expert|agency|drop|deal|invest|ranking|offer)",
    r"(?:earn|make|made|earning|win|won)(?: \w+){0,3} (?:\d+k?|thousands|money)(?: \w+){0,5} (?:a day|"
    r"per day|daily|weekly|a week|per week|from home|online|in \d+ (?:days|hours))",
    r"work from home and earn|dm (?:me )?(?:for|to (?:buy|order|invest|join|promote)|now)|promo ?code|"
    r"discount code|coupon|limited (?:time )?offer|"
    r"\d+ ?(?:percent )?off (?:all|our|today|everything|your|on|with)|use code|giveaway|act now|visit "
    r"our (?:site|website|shop|store)|follow (?:for|4) follow|f4f|"
    r"essay writing|write your (?:essay|dissertation)|hot (?:singles|girls)|onlyfans|rank (?:your|"
    r"higher)|boost your|grow your (?:brand|business|followers|instagram|account)|"
    r"spell ?caster|loan offer|whatsapp \d{6,}|prize winner|congratulations you (?:have )?won|(?:book|"
    r"buy) your (?:stand|tickets?) (?:now|today)|"
    r"very (?:nice|good|informative) (?:post|article|blog)(?: \w+){0,8} (?:my (?:site|blog|website)|"
    r"visit|check)|sign up (?:now|today)(?: \w+){0,4} (?:free|offer|discount)",
    r"(?:cliquez ici|gagnez|gagner de l argent|achetez maintenant|code promo|abonnes gratuits|pret "
    r"rapide|offre limitee|remise de \d+)",
    r"(?:hier klicken|jetzt (?:kaufen|bestellen|sichern)|geld verdienen|gutscheincode|rabattcode|"
    r"kostenlose follower|sofortkredit|nur heute \d+)",
    r"(?:haz clic|compra ahora|compre ahora|gana dinero|ganar dinero|codigo de descuento|seguidores "
    r"gratis|prestamos? (?:rapidos?|facil\w*)|oferta limitada)",
    r"(?:clicca qui|guadagna|compra ora|acquista ora|codice sconto|follower gratis|prestito (?:veloce|"
    r"facile)|offerta limitata|sconto del \d+)",
    r"(?:clique aqui|ganhe dinheiro|ganhar dinheiro|compre (?:agora|ja)|codigo promocional|seguidores "
    r"gratis|emprestimo rapido|renda extra)",
    r"(?:klik hier|verdien geld|geld verdienen|koop nu|bestel nu|kortingscode|gratis volgers|snel lenen)",
    r"(?:kliknij (?:tutaj|tu|w link)|zarabiaj|kup teraz|kod rabatowy|darmowi obserwujacy|szybka "
    r"pozyczka|zarob\w* \d+)",
    r"(?:hemen (?:tikla|al|satin al)|tiklayin|para kazan\w*|indirim kodu|bedava takipci|bahis|takipci "
    r"satin|kolay kredi|firsati kacirma\w*)",
    r"(?:اضغط هنا|اربح|اشتر الآن|اشتري الآن|كود خصم|متابعين مجانا|قرض سريع|للطلب واتساب|زيادة متابعين)",
    r"(?:یہاں کلک|پیسے کمائیں|ابھی خریدیں|فالوورز|قرض حاصل)",
    r"(?:यहाँ क्लिक|पैसे कमाएँ|पैसे कमाएं|अभी खरीदें|फॉलोअर्स|लोन पाएं|घर बैठे कमा[^ ]+)",
    r"(?:এখানে ক্লিক|টাকা আয়|এখনই কিনুন|ফলোয়ার|লোন নিন|ঘরে বসে আয়)",
)
SPAM_RUNS = _runs(
    "加微信|加我微信|点击链接|點擊連結|免费领取|免費領取|赚钱|賺錢|代购|优惠码|刷单|兼职日结|副業で稼|"
    "稼げる|今すぐ購入|ここをクリック|無料プレゼント|フォロワー増|LINE追加"
)
HOME = _any(
    r"my (?:address|postcode|date of birth|dob|nhs number|national insurance|ni number|surname|full name) is",
    r"i live at (?:number |flat )?\d+",
    r"(?:meine adresse ist|mon adresse est|mi direccion es|il mio indirizzo e|a minha morada e|mijn "
    r"adres is|moj adres to|adresim|fy nghyfeiriad yw)",
)
PATTERNS = {"distress": DISTRESS, "abuse": ABUSE, "medical_advice": MEDICAL, "spam": SPAM}
UNSPACED = {"distress": DISTRESS_RUNS, "abuse": ABUSE_RUNS, "medical_advice": MEDICAL_RUNS, "spam": SPAM_RUNS}
_SELLS = _any(
    r"offer|offers|sale|discount|deal|deals|shop|store|price|prices|pricing|subscribe|register now|"
    r"tickets|free trial|demo|product|software|"
    r"solution|solutions|agency|invest|profit|followers|brand|webinar|angebot|rabatt|promo|oferta|"
    r"sconto|aanbieding|promocja|indirim|خصم"
)


def sells(padded: str, *, links: int, tags: int) -> bool:
    """Whether several links or tags around words of trade look like advertising."""
    return bool(_SELLS.search(padded)) and (links >= 2 or (links >= 1 and tags >= 4) or tags >= 8)
