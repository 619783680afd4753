"""What people write around questions and thoughts, per language: small words, greetings, applause, "
"answers, rhetoric."""

from __future__ import annotations

# The small words of each language: they tell languages apart and carry no content.
SMALL: dict[str, str] = {
    "en": (
        "the a an and of to in on at for with from by is are was were be been am this that these those it its i im "
        "ive id ill me my we were our us you your u ur he she they "
        "them their there here so very really just up out off again about as but or if then than too also all some "
        "any every not no do does did have has had will would can could "
        "should shall may might get got getting go going gone how what why when where who which more most much "
        "many lots lot bit being dont cant isnt wont into over after before only own "
        "same such both each other another one two few when while because now still even ever back"
    ),
    "cy": (
        "y yr a ac o i yn ar am gan gyda at dros mae oes ydy ydi yw oedd bod fod wedi ei eu ein eich fy dy ni chi "
        "nhw hi fe fo ef sydd sy nid ddim dim na nac neu hefyd iawn hyn hwn hon "
        "dyma dyna rwy dwi rydw rydym dych ydych sut beth pam pwy ble pryd faint os mewn heb wrth pob pawb un dau "
        "bydd fydd"
    ),
    "fr": (
        "le la les l un une des du de d et est en au aux a pour par sur dans avec sans ce cet cette ces qui que qu "
        "quoi ne pas plus je j tu il elle on nous vous ils elles mon ma mes notre nos "
        "votre vos son sa ses leur leurs se sont ont ai avez avons etre avoir fait tres bien aussi ou mais comme "
        "si cest jai tout tous toute toutes y sommes comment pourquoi merci bonjour"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und ist sind war waren in im an am auf mit von "
        "vom zu zum zur fur bei aus nach uber unter durch ich du er sie es wir ihr mich mir uns "
        "euch sich mein meine unser unsere euer ihre nicht kein keine auch so sehr noch schon nur aber oder wenn "
        "als dass weil man hat haben habe wird werden kann wie was wer warum wo hier heute da doch mal alle alles "
        "viel"
    ),
    "es": (
        "alguien sabe quisiera saber el la los las un una unos unas y de del al en a con por para sin sobre es son "
        "esta estan este estos esa ese eso esto que se no si lo le les me te nos os mi mis tu su sus nuestro "
        "nuestra "
        "muy mas pero o como cuando donde quien ha han he hay ser estar fue era yo ellos ellas todo todos toda "
        "todas tambien ya porque hoy desde hasta entre"
    ),
    "it": (
        "vorrei sapere qualcuno paga fa fanno il lo la i gli le un uno una e di del della dei delle dello degli a "
        "al alla ai alle da dal dalla in nel nella con per su sul sulla tra fra e sono che chi cui non si ci mi ti "
        "vi ne mio mia "
        "nostro nostra loro questo questa questi queste molto piu ma o come quando dove ha hanno ho abbiamo essere "
        "avere anche se tutto tutti tutte tutta oggi gia perche era stato"
    ),
    "pt": (
        "gostaria saber alguem pode medem pagam o a os as um uma uns umas e de do da dos das em no na nos nas ao "
        "aos com por pelo pela para pra sem sobre ser estar esta estao este esta isto isso esse essa que se nao "
        "sim lhe me te nos "
        "meu minha nosso nossa seu sua seus muito mais mas ou como quando onde quem tem ha foi sao eu voce voces "
        "eles elas todo todos toda todas tambem ja porque hoje ate entre é"
    ),
    "nl": (
        "de het een en van in op aan met voor door bij uit naar over onder te ten ter is zijn was waren ben bent "
        "ik je jij u hij zij ze wij we jullie mij mijn ons onze hun haar dit dat deze die "
        "er niet geen ook zo heel erg nog al maar of als dat omdat men heeft hebben heb wordt worden kan kunnen "
        "hoe wat wie waarom waar hier vandaag alle alles veel meer om dan toch"
    ),
    "pl": (
        "ktos wie i w z we ze na do od po za o u przy dla bez przez nad pod jest sa byl byla bylo byc to ten ta te "
        "tego tej tym tych nie tak sie siebie ja ty on ona my wy oni moj moja nasz nasza wasz ich jego jej "
        "co jak kto czy gdzie kiedy ale lub albo ze zeby bo gdy juz jeszcze tylko tez takze bardzo mnie mi nas nam "
        "was wam jestem jestesmy mamy mam ma dzis tu tam wszyscy wszystkich oraz"
    ),
    "tr": (
        "ve bir bu su o da de ile icin cok daha en ama veya ya ki mi mu ne gibi kadar sonra once ben sen biz siz "
        "onlar benim bizim sizin var yok olan olarak degil her sey tum hem bana bize size icinde buna bunu bugun"
    ),
    "ar": (
        "في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي أن ان إن كان كانت هو هي نحن أنا انا أنت هم لا ما لم لن "
        "قد كل بعض أو او ثم و يا لكم لنا بعد قبل بين عند جدا اليوم هنا"
    ),
    "ur": (
        "کا کی کے کو میں سے پر نے ہے ہیں تھا تھی تھے ہو یہ وہ اور بھی تو ہی نہیں ہم آپ میرا میری ہمارے ہماری ان اس "
        "ایک لیے ساتھ بہت کر رہا رہی رہے گا گی گے آج سب جو"
    ),
    "hi": (
        "का की के को में से पर ने है हैं था थी थे हो यह वह ये वो और भी तो ही नहीं हम आप मैं मेरा मेरी हमारे हमारी "
        "उन इस एक लिए साथ बहुत कर रहा रही रहे गा गी गे आज सब जो"
    ),
    "bn": (
        "এ ও এই সেই একটি একটা এবং আর কিন্তু জন্য থেকে সাথে সঙ্গে করে হয় ছিল আছে না আমি আমরা আমার আমাদের আপনি "
        "আপনার আপনাদের তার তাদের যে খুব অনেক আজ সব সবাই মধ্যে"
    ),
}

# Words that say hello, thanks, well done, here I am; never a subject for the room.
CHAT: dict[str, str] = {
    "en": (
        "hi hello hiya hey heya morning afternoon evening night good great brilliant fab fabulous lovely amazing "
        "awesome wonderful fantastic superb excellent ace nice cool excited exciting excitedly looking "
        "forward wait waiting watching watch following follow along live blog liveblog stream livestream streaming "
        "today tomorrow tonight yesterday day days morning event events workshop conference session sessions "
        "everyone every1 "
        "everybody folks team teams peeps friends colleagues pals y'all thanks thank thankyou thx ta cheers well "
        "done congrats congratulations luck enjoy enjoying enjoyed fun see seeing later joining joined join tuning "
        "tuned "
        "retweet rt reposting repost share sharing shared please pls like liked love loved loving photo photos pic "
        "pics picture selfie lunch coffee tea biscuits biscuit cake sandwiches break train bus tram traffic sunny "
        "weather rain "
        "room venue wifi stuff wow woo woohoo whoop yay yippee lol lmao haha hahaha ha omg yes yep yeah yup nope "
        "ok okay test testing happy proud honoured honored pleased delighted glad thrilled grateful home way "
        "arriving arrived arrive "
        "start starts starting started kick kicked kicks begins begin underway tag hashtag hashtags wish wishing "
        "sorry miss missed missing buzzing inspiring inspired inspirational speakers speaker talk talks slides set "
        "ready "
        "early late time minute minutes min mins hour hours week monday tuesday wednesday thursday friday saturday "
        "sunday july june here's lets let next soon first last part second old new guys gang lads hun xx xxx x bye "
        "goodbye goodnight ciao "
        "welcome everyones todays energy vibe vibes atmosphere crowd audience packed amazing people bunch meet "
        "meeting met catch catching up front seat coming come came hear hearing sounds sound volume signal link "
        "links post posting "
        "posted tweet tweets tweeting thread feed page site bookmark bookmarked bookmarking reading read say "
        "saying said hello waves waving clap clapping applause bravo this definitely totally absolutely agree "
        "agreed exactly 100 same true word preach spot "
        "hear sending hugs love lots best wishes big shoutout shout kudos respect props fingers crossed roll bring "
        "hope goes going trending spotted popcorn sat sofa desk settled settling kettle mug cuppa pjs thats "
        "superbly hosted organisers organised"
    ),
    "cy": (
        "helo shwmae sumae bore prynhawn nos da noswaith diolch diolchiadau pob lwc dymuniadau gorau croeso edrych "
        "ymlaen dilyn gwylio byw blog heddiw yfory pawb bawb llongyfarchiadau gwych ardderchog hyfryd bendigedig "
        "digwyddiad gweithdy diwrnod cofion hwyl mwynhewch penblwydd hapus fawr"
    ),
    "fr": (
        "bonjour bonsoir salut coucou merci bravo felicitations super genial magnifique belle bonne bon journee "
        "matinee soiree chance courage tous toutes hate suivre suis suivons direct live blog aujourdhui demain "
        "atelier evenement equipe bienvenue vivement bisous ravi ravie ravis heureux heureuse contente content la "
        "presents partage partager photo excellente excellent"
    ),
    "de": (
        "hallo hi moin servus guten morgen tag abend danke vielen dank super toll klasse prima schon schone "
        "schonen gruss grusse liebe viel erfolg gluck spass freue freuen mich uns darauf dabei live blog heute "
        "morgen veranstaltung workshop team zusammen leute allen euch verfolge schaue zu vorfreude los gehts tolle "
        "toller gespannt spannend herzlich willkommen glueckwunsch aus"
    ),
    "es": (
        "hola buenos buenas dias tardes noches gracias muchas felicidades enhorabuena genial fantastico excelente "
        "suerte mucha exito exitos todos todas amigos equipo siguiendo seguimos sigo directo vivo blog hoy manana "
        "jornada taller evento animo abrazo abrazos saludos desde ganas feliz bienvenidos aqui estamos listos "
        "listas empezamos gran dia"
    ),
    "it": (
        "ciao salve buongiorno buonasera buona giornata grazie mille complimenti bravi bravissimi brava bravo "
        "bello bella bellissimo bellissima fantastico splendido ottimo lavoro evento tutti tutte seguo seguiamo "
        "diretta live blog oggi domani in bocca al lupo auguri saluti da abbraccio forza pronti emozionata "
        "emozionato felice qui siamo"
    ),
    "pt": (
        "ola oi bom boa dia tarde noite obrigado obrigada obrigados parabens otimo otima excelente maravilhoso "
        "lindo sucesso sorte todos todas pessoal gente equipe equipa acompanhando acompanhar seguindo directo "
        "direto vivo blog hoje amanha evento oficina workshop abraco abracos saudacoes ansiosa ansioso feliz bem "
        "vindos vindas aqui forca show demais"
    ),
    "nl": (
        "hallo hoi hey goedemorgen goedemiddag goedenavond morgen bedankt dank dankjewel wel super top geweldig "
        "mooi mooie leuk leuke fijne fijn dag succes veel plezier iedereen allemaal team kijk kijken volg volgen "
        "mee live blog stream vandaag evenement workshop bijeenkomst groetjes groeten uit zin in gefeliciteerd "
        "proficiat welkom klaar voor"
    ),
    "pl": (
        "czesc hej witam witajcie dzien dobry wieczor dziekuje dziekujemy dzieki super swietnie swietny "
        "fantastycznie brawo gratulacje powodzenia wszystkim wszyscy pozdrawiam pozdrowienia ogladam ogladamy "
        "sledze sledzimy na zywo relacja relacje blog dzis dzisiaj jutro wydarzenie warsztaty warsztat zespol "
        "milego dnia udanego udanych trzymam kciuki ciesze nie moge doczekac startujemy"
    ),
    "tr": (
        "merhaba merhabalar selam selamlar gunaydin iyi gunler aksamlar tesekkurler tesekkur ederim ederiz sagolun "
        "harika super muhtesem guzel tebrikler kolay gelsin basarilar herkese hepinize hepimize arkadaslar ekip "
        "canli yayin blog takip ediyorum ediyoruz izliyorum izliyoruz bugun yarin etkinlik atolye heyecanli "
        "heyecanla bekliyorum bekliyoruz sevgiler gelsin olsun hayirli bol sans"
    ),
    "ar": (
        "مرحبا أهلا اهلا وسهلا السلام عليكم صباح مساء الخير النور شكرا جزيلا شكر مبروك رائع رائعة ممتاز جميل "
        "بالتوفيق التوفيق موفقين للجميع الجميع جميعا فريق الفريق أتابع اتابع نتابع متابعة المتابعة مباشر البث "
        "المدونة اليوم غدا ورشة الورشة الفعالية تحياتي تحية يوم سعيد موفق بوركتم أحسنتم استمروا من"
    ),
    "ur": (
        "السلام علیکم سلام آداب صبح بخیر شکریہ مبارک مبارکباد بہترین زبردست شاندار خوب واہ سب کو دوستو ٹیم دیکھ "
        "رہے رہا رہی ہوں ہیں براہ راست بلاگ آج کل ورکشاپ پروگرام نیک تمنائیں خوش آمدید دعائیں گڈ لک"
    ),
    "hi": (
        "नमस्ते नमस्कार सुप्रभात शुभ प्रभात धन्यवाद शुक्रिया बधाई बढ़िया शानदार बहुत खूब वाह सबको सभी दोस्तों टीम "
        "देख रहे रहा रही हूँ हैं लाइव ब्लॉग आज कल कार्यशाला कार्यक्रम शुभकामनाएँ शुभकामनाएं स्वागत namaste "
        "dhanyavad shukriya"
    ),
    "bn": (
        "নমস্কার সালাম আসসালামু আলাইকুম শুভ সকাল শুভেচ্ছা ধন্যবাদ অভিনন্দন দারুণ চমৎকার অসাধারণ বাহ সবাইকে সবাই "
        "বন্ধুরা দল দেখছি লাইভ ব্লগ আজ কাল কর্মশালা অনুষ্ঠান শুভকামনা স্বাগতম রইল"
    ),
}
# Of the English ones, those that alone do not make small talk.
WEAK = (
    "people part point last second first new old time minute minutes hour hours day days said saying say hear "
    "hearing meeting meet met room week hope bring start starts started wait waiting tag link links read "
    "reading "
    "exactly absolutely definitely totally goes going true word signal sound team conference session workshop "
    "amazing best big friends home way front seat feed page site early late roll fun like love loved loving "
    "sorry miss missed spot"
)
CHAT_UNSPACED = (
    "大家好|早上好|早安|晚上好|下午好|你好|您好|各位|谢谢|謝謝|感谢|感謝|辛苦了|加油|恭喜|祝|顺利|順利|成功|"
    "圆满|圓滿|太棒了|真棒|很棒|点赞|點讚|支持|关注|關注|直播|正在看|在看|期待|今天|明天|活动|活動|工作坊|打卡|"
    "おはよう(?:ございます)?|こんにちは|こんばんは|はじめまして|ありがとう(?:ございます)?|お疲れ(?:様|"
    "さま)(?:です|でした)?|よろしく(?:お願いします)?|頑張って(?:ください)?|がんばって(?:ください)?|"
    "楽しみ(?:です|にしています)?|"
    "応援しています|応援してます|見ています|見てます|視聴中|配信|ライブ|ブログ|今日|明日|皆さん|みなさん|"
    "おめでとう(?:ございます)?|すごい|素晴らしい|最高|わーい|から|です|ます|了|的|我|在|你们|大家|们|啊|呀|哦|"
    "が|は|も|を|に|の|で|！|、"
)

# A sentence that begins like this after a question answers it.
ANSWERS = (
    r"(?:yes|yep|yeah|no|nope|absolutely|definitely|of course|because|cos|simple|easy|simples|turns out|the "
    r"answer|answer|short answer|long answer|spoiler|exactly|never|always|obviously|probably|not much|not a lot|"
    r"nothing|nobody|noone|"
    r"everyone|everything|by \w+ing|im telling you|i say|id say|i think its|i reckon|its (?:simple|easy|about|"
    r"because|all|the|not)|that is what|thats (?:what|why|how|the)|we (?:found|did|started|invited|learned|"
    r"learnt|realised|realized|made|asked|moved|put|built|decided|"
    r"just asked|simply|paid them|used)|it (?:took|turned|was|comes|is|depends)|you (?!(?:mention|mentioned|"
    r"said|say|talk|talked|spoke|are|were|have|had|seem|must|all)) ?\w+|we \w+ed|with \w+|ask them|just ask|"
    r"listen|start (?:small|with)|trust|turned out|he (?:was|did)|she (?:was|did)|they (?:did|said|were|asked)|"
    r"you start|you do|we do|i do|i did|they do|for us it|for me it|in our case|our answer|my answer|"
    r"oherwydd|achos|syml|ie|na|wrth gwrs|yr ateb|"
    r"oui|non|parce que|simplement|evidemment|bien sur|la reponse|en (?:ecoutant|payant|demandant|commencant)|"
    r"nous avons|cest simple|jamais|toujours|absolument|"
    r"ja|nein|weil|ganz einfach|einfach|naturlich|klar|die antwort|indem|wir haben|niemals|nie|auf jeden fall|"
    r"absolut|genau|"
    r"si|claro|por supuesto|sencillo|muy sencillo|la respuesta|escuchando|preguntando|nunca|siempre|con "
    r"confianza|hemos|certo|semplice|la risposta|ascoltando|chiedendo|mai|sempre|perche|assolutamente|abbiamo|"
    r"sim|nao|simples|a resposta|ouvindo|perguntando|com certeza|nos fizemos|"
    r"nee|omdat|natuurlijk|simpel|heel simpel|eenvoudig|het antwoord|door te|wij hebben|we hebben|nooit|altijd|"
    r"tak|nie|bo|poniewaz|oczywiscie|proste|odpowiedz|po prostu|nigdy|zawsze|"
    r"evet|hayir|cunku|tabii|elbette|basit|cok basit|cevap|cevabi|"
    r"نعم|لا|لأن|لأنه|لأنها|ببساطة|بالطبع|الجواب|الإجابة|طبعا|ہاں|نہیں|جی ہاں|کیونکہ|جواب|بالکل|"
    r"हाँ|नहीं|जी हाँ|क्योंकि|जवाब|बिल्कुल|হ্যাঁ|না|কারণ|উত্তর|অবশ্যই)"
)
ANSWERS_UNSPACED = (
    r"^ (?:因为|因為|答案|当然|當然|是的|不是|很简单|很簡單|其实|其實|はい|いいえ|答えは|もちろん|なぜなら|簡単|"
    r"それは|結論)"
)

# With a question mark, and still nobody waits for an answer.
RHETORIC = (
    r"^ (?:and |but |so |well |wow |honestly |i mean |seriously )*(?:who knew|who(?:d| would) have (?:thought|"
    r"guessed)|who (?:doesnt|wouldnt|couldnt) (?:love|like|want|need|agree)|who(?: in \w+)* needs|who cares|who "
    r"am i kidding|"
    r"whats not to (?:like|love)|what is not to (?:like|love)|what could (?:possibly )?go wrong|what are the "
    r"(?:odds|chances)|what more (?:do|could|can)|what took (?:us|you|them|the \w+) so long|what is (?:wrong "
    r"with|it with)|whats wrong with (?:people|us|this country|these)|"
    r"how (?:cool|amazing|good|great|lovely|brilliant|fab|nice|cute|sad|mad|wonderful|awesome|powerful|moving|"
    r"true|inspiring|beautiful|funny|ridiculous|crazy) (?:is|was|are|were|does|do)|how (?:hard|difficult) "
    r"(?:can|is) (?:it|this|that)|how many (?:more )?times|"
    r"how (?:dare|on earth did we)|when (?:will|are) (?:they|people|we|you|the \w+|this country|politicians|"
    r"managers)(?: \w+)? (?:ever|finally|going to) (?:learn|listen|wake up|get it)|when (?:will|are) (?:\w+ "
    r"){1,3}?(?:ever |finally |going to )?(?:learn|learning|listen|listening|wake up|get it|realise|realize)|"
    r"why (?:am i|are we) not surprised|"
    r"why (?:on earth )?(?:has it taken|did it take|did (?:nobody|no ?one)|didnt (?:anyone|we|i|"
    r"they|somebody)|wouldnt (?:you|we|they|anyone)|bother|oh why|do we (?:still )?(?:pretend|bother|insist|"
    r"keep))|why not$|"
    r"isnt (?:it|that|this) (?:time|just|the (?:whole )?point|what|great|lovely|amazing|wonderful|obvious|fab|"
    r"ironic|funny|about time|brilliant)|is(?:nt| it not) it (?:about )?time|is it any wonder|isnt that what|"
    r"arent we all|dont we all|shouldnt (?:we all|that be|everyone|it be|this be)|"
    r"did you know|have you ever noticed|ever noticed|ever wondered why|guess what|you know what|know what|"
    r"remember when|need i say|since when|do i need to say|where would we be without|what would (?:we|i) do "
    r"without|where have you been all|"
    r"is there anything (?:better|more|nicer|worse)|does it get (?:any )?better|could (?:it|this) (?:be|get) "
    r"any|can we (?:just )?(?:talk about|take a moment|appreciate|all agree)|what planet|whose (?:idea|bright "
    r"idea)|do they think|what kind of (?:person|people|world)|"
    r"isnt everyone|arent they|who said (?:romance|chivalry|nothing|you)|need more (?:proof|evidence)|what else "
    r"(?:is new|do you expect|did they expect|can you say|would you expect)|is the pope|do bears)|"
    r" (?:isnt it|arent they|arent we|wasnt it|werent they|dont you think|dont we|dont they|doesnt it|didnt it|"
    r"didnt we|hasnt it|eh|huh|right|innit|am i right|amirite|you know|is it not|or what|no|oder|nicht wahr|"
    r"gell|n ?est ce pas|nest ce pas|non|hein|verdad|no crees|no creen|vero|nao e|ne|ne mi|degil mi|prawda|co "
    r"nie|toch|he|yndife|ynte|onid|أليس كذلك|صح|نا|है ना|তাই না)$|"
    r"^ (?:really|seriously|what|wait what|sorry what|huh|why|how|who|ok|right|no|me|us|this|so|and|oh yeah|"
    r"true|same|vraiment|wirklich|echt|ernsthaft|de verdad|en serio|davvero|serio|naprawde|gercekten mi|beth|"
    r"حقا|سच में)$|"
    r"^ (?:the|my|our|and the|a|one)(?: \w+)? (?:best bit|best part|best thing|worst bit|result|answer|lesson|"
    r"takeaway|secret|key|trick|outcome|solution|problem|catch|downside|difference|reason|upshot|verdict|magic "
    r"ingredient|highlight|bottom line)$|"
    r"^ (?:qui l ?eut cru|qui n ?aime|a quoi bon|que demander de plus|quoi de mieux|qui laurait cru|quoi de "
    r"plus beau|wer hatte (?:das )?gedacht|wer braucht schon|was will man mehr|was gibt es schoneres|wie cool "
    r"ist das|wie toll ist das|wer kennt das nicht|wozu auch|"
    r"quien lo diria|quien lo iba a decir|que mas se puede pedir|a quien no le gusta|quien no ha|chi lo avrebbe|"
    r"che altro|cosa vuoi di piu|cosa si puo volere|chi non|quem diria|o que mais|quem nao (?:gosta|quer|ama)|"
    r"wie had dat gedacht|wat wil je nog meer|wie wil dat nou niet|hoe mooi is|hoe leuk is|wie niet|"
    r"kto by pomyslal|czego chciec wiecej|kto nie (?:lubi|chce)|czyz|ktoz|kim derdi|kim istemez|daha ne olsun|"
    r"kim bilir|pwy fyddai|pwy feddyliai|ومن لا|من كان يظن|من منا لا|ومن منا|کون نہیں|کس نے سوچا تھا|किसने सोचा "
    r"था|कौन नहीं|কে জানত|কে না)"
)
RHETORIC_UNSPACED = (
    r"谁不|誰不|难道|難道|谁能想到|谁知道呢|何必|岂不|豈不|不是吗|不是嗎|可不是|对吧|對吧|誰が.{0,12}(?:だろう|"
    r"でしょう)か|じゃない(?:です)?か|ではないでしょうか|と思いませんか|よね$"
)

# Small talk that happens to be asked.
SMALL_TALK = (
    r"^ (?:hi |hello |hey |morning |so |and |ok |right |evening |good morning |good afternoon )*(?:all |"
    r"everyone |folks |team )?(?:how (?:are|r|is|s) (?:you|u|we|things|everyone|y ?all)(?: all| everyone| doing|"
    r" today| this morning| feeling)*|hows (?:everyone|everybody|it going|things|tricks|your day)(?: \w+)?|"
    r"whats up|"
    r"(?:are )?(?:you|we|u|everyone|all)?(?: all)? ?(?:ready|excited)(?: for \w+( \w+)?| everyone| folks| yet)?|"
    r"who(?:s| is) (?:here|in|up|excited|ready|there|joining|coming|awake|going|watching|with me|with us|"
    r"else)(?: \w+){0,5}|who else (?:is|s) (?:here|watching|excited|following|joining|awake|tuning|hungry|"
    r"crying)(?: \w+){0,4}|"
    r"(?:is )?any(?:one|body)(?: else)? (?:watching|here|there|awake|hungry|crying|excited|going|feeling hungry|"
    r"fancy|want|for|seen my|up for|lost|cold|hot|in the|sat|got a spare|got a phone|having)(?: \w+){0,6}|can "
    r"(?:you|anyone|everyone|people) (?:hear|see) (?:me|us|this|it)(?: ok| okay)?|is this (?:thing )?(?:on|"
    r"working)|"
    r"(?:more )?(?:coffee|tea|lunch|cake|pint|drinks|biscuits|brew|cuppa)(?: time| anyone| break| yet)*|is it "
    r"(?:lunch|lunchtime|coffee|home time|friday|tea)(?: \w+)?|whats (?:for|on) (?:lunch|tea|the menu)|(?:what|"
    r"when)(?:s| is)? (?:time (?:is|s) )?(?:it )?(?:lunch|coffee|the break|tea)(?: \w+)?|who (?:ate|took|stole|"
    r"nicked|has|got|brought|made)(?: \w+){0,3} (?:biscuits?|cake|cakes|sandwich\w*|pens?|cookies|doughnuts?|"
    r"mug)|"
    r"did you see (?:that|the|this)(?: \w+){0,4}|miss(?:ed)? (?:it|us|the|today)(?: \w+){0,4}|want(?:ed)? (?:to "
    r")?(?:know|learn|see|hear|read) more|looking for (?:a|an|your)(?: \w+){0,4}|couldnt (?:make|be)(?: "
    r"\w+){0,4}|not (?:here|there|able to join)(?: \w+){0,3}|ydych chi n barod|"
    r"sut (?:mae|wyt ti|dach chi|ydych chi)(?: pawb| heddiw| bawb)?|ca va|comment (?:ca va|allez vous)(?: \w+)?|"
    r"vous etes prets|prets|wie geht ?(?:es)?(?: \w+)?|seid ihr (?:bereit|dabei)|wer (?:ist|schaut|ist noch)(?: "
    r"\w+)? (?:dabei|zu|hier)(?: \w+)?|que tal(?: todos| todas| estais)?|como estan(?: todos)?|estais listos|"
    r"quien mas esta (?:viendo|siguiendo)(?: \w+)?|"
    r"come (?:state|stai|va)(?: tutti)?|siete pronti|tudo bem(?: com voces)?|tudo bom|prontos|alles goed|hoe "
    r"gaat het(?: \w+)?|wie kijkt er (?:ook |nog )?mee|zijn jullie (?:er )?klaar(?: voor)?|jak sie macie|co "
    r"slychac|kto (?:jeszcze )?oglada|gotowi|nasilsiniz|naber|hazir misiniz|kimler (?:burada|izliyor)|كيف "
    r"(?:حالكم|الحال)(?: \w+)?|"
    r"آپ (?:سب )?کیسے ہیں|کیا حال ہے|آپ (?:سب )?کیسے|आप (?:सब |लोग )?कैसे हैं|क्या हाल (?:है|हैं)|কেমন আছেন(?: "
    r"সবাই)?|সবাই কেমন আছেন|কেমন আছো) $"
)
SMALL_TALK_UNSPACED = (
    r"^ (?:大家好 ?)?(?:大家|你们|各位)?(?:最近)?(?:好吗|好嗎|怎么样|准备好了吗|吃饭了吗|吃了吗) $|^ (?:皆さん|"
    r"みなさん)?(?:お元気ですか|元気ですか) $|谁在看|有人在看"
)

# Someone else's question, told; or a word about questions. Only heeded where there is no question mark.
REPORTED = (
    r"(?:asked|ask|asks|asking) me(?! how you)|(?:someone|people|they|everyone|everybody|colleagues?|"
    r"clinicians?|managers?|gps?|staff|he|she|speaker|panel|my \w+|the \w+|a \w+) (?:just |always |often |then |"
    r"once |has |have |also )?(?:keeps? )?(?:asked|asking|asks|wondered|wonders)|"
    r"(?:we|i|they|group|table|panel) (?:\w+ )?(?:talked|discussed|spoke|heard|learned|learnt|explored|covered|"
    r"talking|discussing|hearing|exploring) (?:about |through )?(?:how|what|why|who|where|when|whether)|(?:talk|"
    r"talks|session|piece|blog|article|video|discussion|chat|conversation|thoughts|insights?|slide|story|"
    r"stories|guide|tips|post|paper|report) (?:\w+ )?(?:on|about|of|showing|explaining|around) (?:how|what|why|"
    r"who|where|when|whether)|"
    r"used to wonder|never (?:have to )?wonder(?:ed)?|no wonder|(?:great|good|brilliant|excellent|fab|fantastic|"
    r"lovely|interesting|important|big|tough|thoughtful) questions?|love (?:this|that|the|these) questions?|"
    r"thanks? (?:\w+ )?for (?:answering|asking|all the questions)|no (?:more )?questions|not a question|the "
    r"question (?:isnt|is not|was)|"
    r"(?:this|that|here|heres|which|exactly|precisely|shows|showed|proves|reminds (?:me|us)) (?:is |are |was "
    r")?(?:why|what|how|where|when|who) (?!(?:do|does|did|are|is|can|could|should|would|will) )|stop asking|"
    r"on m a demande|on nous demande|quelqu ?un a demande|mich gefragt|hat (?:jemand |heute )?gefragt|gefragt "
    r"hat|me preguntaron|alguien pregunto|mi hanno chiesto|qualcuno ha chiesto|perguntaram me|me perguntaram|"
    r"alguem perguntou|vroeg iemand|iemand vroeg|ktos zapytal|pytano mnie|sordular|biri sordu|dysgu sut|trafod "
    r"sut|سألني|سئلت|پوچھا گیا|پوچھتے ہیں|पूछते हैं|पूछा गया|জিজ্ঞেস করে|জিজ্ঞাসা করেছিল"
)
ASKED_IN_QUOTES = (
    r"asked|asks|ask|asking|said|says|saying|heard|hear|question|wrote|slide|quote|told|tells|answered|keeps|"
    r"called|titled|dit|demande|demandait|a demande|sagt|sagte|fragt|fragte|gefragt|dijo|dice|pregunto|pregunta|"
    r"preguntaron|ha detto|dice|chiesto|chiede|disse|perguntou|zei|zegt|vroeg|vraag|powiedzial\w*|zapytal\w*|"
    r"pyta|dedi|diyor|sordu|gofynnodd|dywedodd|قال|قالت|سأل|سألت|پوچھا|کہا|पूछा|कहा|জিজ্ঞেস|বলল|বললেন"
)

# Someone offers what they think, know, did or lived through.
OFFERS = (
    r"i think|i feel|i believe|we believe|in my (?:experience|view|opinion)|in our|we(?:ve)? (?:found|use|used|"
    r"run|ran|tried|have|had|do|did|started|built|pay|train|see|saw)|as a \w+|as someone|for me|helped|helps|"
    r"saved|changed|because|should|need|needs|must|matters|works|worked|learned|learnt|important|makes|made|"
    r"means|without|instead|my (?:mum|dad|son|daughter|"
    r"brother|sister|wife|husband|gp|peer|trust|team|service|experience|story|mentor)|key|never|makes a|thats "
    r"why|more than|not just|only when|it takes|takes|lost|lonely|alone|isolated|support group|group"
)
