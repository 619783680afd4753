"""How people ask, per language: words that open a question, that ask inside a sentence, that only look like asking.

Every wording is a piece of a regular expression over folded words (`wording.fold`) with single blanks between them.
"""

from __future__ import annotations

from typing import NamedTuple


class Asking(NamedTuple):
    """One language. `opens` counts at the start of a clause, `asks` and `ends` inside or at the end of a sentence."""

    opens: tuple[str, ...]
    asks: tuple[str, ...]
    ends: tuple[str, ...] = ()


_WH = r"(?:how|hw|what|wot|wat|why|y|when|wen|where|wher|who|whom|whose)"
_AUX = (
    r"(?:do|does|did|is|are|was|were|can|could|should|would|will|has|have|might|may|isnt|arent|dont|"
    r"doesnt|didnt|cant|wont|shouldnt|couldnt)"
)
_SOMEBODY = r"(?:anyone|anybody|any1|any ?one|someone|somebody|any of you|anyone else|folks|people)"
_SUBJECT = (
    r"(?:there|it|this|that|these|those|the|you|u|we|they|he|she|i|anyone|anybody|someone|somebody|people|"
    r"any|an|your|our|their|peer|staff|"
    r"patients|clinicians|managers|gps|nurses|volunteers|carers|everyone|all|both|\w+ers|services|"
    r"commissioners|trusts|teams)"
)

ASKING: dict[str, Asking] = {
    "en": Asking(
        opens=(
            rf"{_WH} {_AUX}(?! \w+ (?:is|was|are|were) )",
            r"(?:whats|hows|wheres|whos|whens|whys|whatre)(?! \w+ (?:is|was) )",
            rf"(?:how|what|which|whose)(?! (?:i|we|you|they|he|she|it|a|an|the|that) )(?: \w+){{1,3}} {_AUX} "
            rf"(?:you|we|they|it|the|u|i|people|staff|peer|your|this|that|there|anyone)",
            r"(?:which|what)(?! (?:i|we|you|they|a|an|that|it|is|was|the)) \w+(?: \w+)? (?:works|work|helps|"
            r"helped|worked|are|is|do|does|did|can|will|should|pays|has|have)",
            r"how (?:many|often|long|much|far|big|soon)(?! (?:we|i|it|they|this|that|has|more|you|ive|weve|has|"
            r"better|fun))",
            r"how (?:to|come|about|best to)|(?:what|wot|wat) (?:about|happens|happened|makes|kind of|sort of|type "
            r"of|if|else|would)",
            r"who (?:pays|trains|gets|runs|owns|decides|funds|supports|supervises|leads|looks|chooses|picks|"
            r"measures|manages|employs|makes|else|should|would|can|will|is|are)",
            rf"(?:is|are|can|could|should|would|will|does) {_SUBJECT}|(?:was|were) (?:there|it|this|that|you|we|"
            rf"they|anyone|any|anybody)",
            r"(?:did|do|has|had) (?:you|u|we|they|he|she|anyone|anybody|any|people|someone|staff|patients|"
            r"managers|peer|clinicians|i|ye)|has (?:the|there|it|this)",
            r"have (?:you|u|we|they|any|anyone|people|patients|staff)(?! (?:a great|fun|a good|a lovely|to ))",
            r"(?:isnt|arent|doesnt|didnt|dont|wont|cant|couldnt|wouldnt|shouldnt) (?:you|we|they|there|it|people|"
            r"the|this|that|anyone|i)",
            r"any (?:chance|idea|ideas|tips|advice|examples?|evidence|thoughts|suggestions|plans?|views|news|"
            r"update|updates|pointers|recommendations|"
            r"experience|experiences|links?|resources|research|data|guidance|word|way|of you)",
            rf"{_SOMEBODY} (?:know|knows|tried|got|have|has|able|else|here|from|with|using|used|doing|done|seen|"
            rf"managed|found|who|working|running|got|can)",
            r"(?:q|question|qn|qu|query|a question|my question|quick question|quick q|silly question|daft "
            r"question|honest question|genuine question|stupid question|serious question)"
            r"(?! (?:time|and|was|came|session|mark)) \w+",
            r"(?:curious|wondering|keen|interested|intrigued) (?:to|about|how|what|if|whether|why|who|where|when|in)",
            r"thoughts on|views on|advice on|tips on|tips for|wonder if|wonder how|wonder whether|wonder what|"
            r"wonder why",
        ),
        asks=(
            r"(?:i|we|just|also|still|am|im|been|cant help|keep|me|mum|and|us) wonder(?:ing)?(?! (?:woman|ful|"
            r"at))|wonder(?:ing|s)? (?:if|whether|how|what|why|who|when|where|about|which)",
            r"(?:would|id|wed|ill|really|be|was|am|im|are|very|so)(?: \w+)? (?:love|like|want|keen|good|great|"
            r"nice|interesting|interested|useful|helpful|curious|fascinated|grateful)"
            r"(?: \w+)? (?:to|if) (?:know|hear|ask|learn|understand|see how|find out|you could|someone could|"
            r"anyone could|anyone can|you can)",
            r"(?:keen|curious|interested|intrigued|eager) (?:to (?:know|hear|learn|ask|understand|find out)|how|"
            r"what|if|whether|why|who|about (?:how|what|the|who)|in (?:how|what|whether|hearing|knowing))",
            r"(?:can|could|would|will) (?:you|someone|anyone|somebody|anybody|the panel|the room|the speakers?|"
            r"they|u|the team|a facilitator|one of you|speaker)"
            r"(?: \w+)? (?:say|tell|explain|share|clarify|talk|speak|ask|describe|expand|give|point|advise|"
            r"recommend|help|comment|address|discuss|mention|show|define|post)",
            r"(?:please|pls|plz) (?:can|could|ask|explain|tell|clarify|advise|say|address|would|will) ",
            r"(?:my|one|another|quick|first|the following|burning|big) question (?:is|for|to|about|from|would|re|"
            r"on|from me)|(?:question|q) (?:for|to) (?:the|all|you|anyone|panel|speakers?|everyone|those)",
            r"(?:id|i would|would|wed) like to ask|(?:want|wanted|wanting|meant|meaning|love) to ask|ask (?:the|"
            r"them|your) (?:panel|room|speakers?|group|team|table|facilitators?|people|delegates|attendees|them)?"
            r"(?: \w+)? ?(?:how|what|why|who|whether|if|about|when|where)|(?:can|may|could|might) i ask",
            r"(?:i|we|what i|what we) (?:want|would like|d like|need|really want|really need) to know|what (?:i|"
            r"we)d (?:like|love) to know",
            r"(?:not|never|un) ?(?:sure|clear|certain)(?: on| about)? (?:how|what|who|whether|if|why|where|when|"
            r"which)",
            r"(?:dont|doesnt|cant|cannot|do not|not) (?:really |quite |yet )?(?:know|understand|see|get|work out|"
            r"figure out|tell) (?:how|who|what|whether|if|why|where|which)(?! (?:\w+ ){1,4}without)",
            r"(?:no idea|no clue|clueless|struggling to (?:see|understand|work out|find)|trying to (?:work out|"
            r"figure out|understand|find out)) (?:how|what|who|where|why|whether|if|which|about)",
            r"(?:looking|hoping|asking) for (?:\w+ )?(?:advice|tips|examples|evidence|ideas|guidance|"
            r"recommendations|suggestions|help|pointers)|(?:would|d) (?:really )?(?:appreciate|welcome|value) "
            r"(?:any|some|your|advice|thoughts|tips|ideas|hearing)",
            r"(?:need|want|like|love|good|great|nice|useful|interesting|helpful) to (?:know|understand|find out|"
            r"hear|learn) (?:how|what|who|whether|if|why|where|when|more about|about how|which|from)",
            r"(?:tell|show) (?:me|us) (?:how|what|who|why|more|about|if|whether|where|when)|explain (?:how|what|"
            r"why|to (?:me|us))|help (?:me|us) understand|let (?:me|us) know (?:how|what|if|whether|who|when|"
            r"where)",
            rf"(?:has|have|does|do|did|is|are|can|could|would) {_SOMEBODY} |{_SOMEBODY} (?:know|tried|got any|able "
            rf"to|else tried) ",
            rf"(?:thing is|but|so|and|then|if so|problem is|issue is|though|cos|because|right|ok|well|or) (?:{_WH} "
            rf"(?:do|does|did|can|could|should|would|will|is|are) (?:you|we|they|people|anyone|the|one|u|i|it|that|"
            rf"this|peer|staff|there))",
            r"asking for a friend|(?:any|some) (?:advice|tips|ideas|pointers|examples|suggestions|thoughts)(?: "
            r"\w+){0,4} (?:welcome|appreciated|please|pls|would help|anyone)",
        ),
        ends=(
            r"or (?:not|what|is it just me|no)",
            r"any (?:ideas|thoughts|advice|tips|suggestions|examples)(?: please| pls| anyone)?",
            r"(?:anyone|anybody|thoughts|how|why)(?: please| pls)?",
        ),
    ),
    "cy": Asking(
        opens=(
            r"(?:sut|pam|pwy|pryd|ble|faint|beth|pa|lle|shwt|sawl)(?! (?:bynnag|bynnaf)) \w+",
            r"(?:a oes|oes|a fydd|fydd|a yw|ydy|ydi|ydyn|ydych|a ydych|allwch|a allwch|all|a all|allai|a ellir|"
            r"ellir|a gaf|gaf|gawn|ga|a wnaeth|oedd|a oedd|fyddai|a fyddai|dylai|a ddylai|ddylen|oes modd|oes "
            r"rhywun|ydyw|wnaethoch|a ddylem)",
            r"(?:cwestiwn|tybed)",
        ),
        asks=(
            r"(?:hoffwn|hoffem|byddwn yn hoffi|eisiau|dwi isio|dw i eisiau|licio|leicio|awyddus i) (?:wybod|ofyn|"
            r"gofyn|glywed|clywed|holi|ddeall)",
            r"tybed",
            r"(?:sgwn i|meddwl tybed)",
            r"(?:allwch|allech|all rhywun|allai rhywun) (?:chi )?(?:esbonio|egluro|ddweud|rannu)",
        ),
    ),
    "fr": Asking(
        opens=(
            r"(?:comment|pourquoi|qui|quand|ou|combien|que|quel|quelle|quels|quelles|quid)(?! (?:je suis|nous "
            r"avons|joie|plaisir|bonheur|belle|beau|bonne|bon|de bonnes|super|emotion|chance|dire)) \w+",
            r"(?:est ?ce|quest ?ce|qu ?est ce|a quoi|de quoi|y a ?t ?il|existe ?t ?il|avez vous|pouvez vous|"
            r"pourriez vous|peut on|pourrait on|faut il|doit on|as tu|avez|savez vous|sait on|dans quelle mesure|"
            r"a t on|ya t il|c est quoi|cest quoi)",
            r"(?:quelqu ?un|quelquun) (?:sait|a|connait|peut|pourrait)|(?:une )?question \w+|une idee (?:de|du|"
            r"sur)|des (?:idees|conseils|exemples|retours)|qu ?en est il|quen est il",
        ),
        asks=(
            r"(?:je|on|nous) (?:me |se |nous )?demand(?:e|ons|ais) (?:si|comment|pourquoi|qui|quand|quel\w*|ce "
            r"que|combien|ou)",
            r"(?:jaimerais|nous aimerions|on aimerait|je voudrais|jaurais aime|je veux|curieu(?:x|se) de|hate de|"
            r"interessee? de|aimerais|souhaite(?:rais)?) (?:bien )?(?:savoir|demander|comprendre|connaitre|poser|"
            r"entendre)",
            r"(?:est ce que|est ce qu|quest ce que|y a t il|pouvez vous|pourriez vous|avez vous|peut on|quelquun "
            r"peut|quelquun sait)",
            r"(?:ma|une|autre|petite) question (?:est|pour|aux|au|sur)",
            r"(?:je ne sais pas|jignore|pas clair|je ne comprends pas) (?:si|comment|pourquoi|qui|quel\w*|ce que)",
            r"merci de (?:nous )?(?:dire|expliquer|preciser)",
        ),
    ),
    "de": Asking(
        opens=(
            r"(?:wie|warum|wieso|weshalb|wer|wann|wo|was|welche|welcher|welches|welchen|wem|wen|wozu|woher|wohin|"
            r"inwiefern|inwieweit|womit|wodurch|woran|wofur|wieviel|wieviele|worauf)(?! (?:immer|schon|toll|gut|"
            r"gesagt|erwartet|ich|wir|ein|eine|wunderbar|cool|fur ein|fur eine)) \w+",
            r"(?:gibt|kann|konnen|konnte|konnten|konnt|soll|sollte|sollten|sollen|ist|sind|hat|haben|habt|wird|"
            r"werden|wurde|wurden|darf|durfen|mussen|muss|weiss|weis|kennt|braucht|war|hattet|seid|macht|gab) "
            r"(?:es|man|ihr|sie|wir|ich|jemand|das|die|der|den|dies|diese|er|eine|ein|euch|irgendwer|denn|peer|"
            r"auch|du)",
            r"(?:meine |eine |kurze )?frage (?!(?:runde|stunde))\w+|hat jemand|weiss jemand|kennt jemand|"
            r"(?:irgend)?jemand (?:erfahrung|eine idee|tipps)|tipps|gibts",
        ),
        asks=(
            r"(?:frage|fragen|fragte) (?:mich|uns)(?: \w+){0,2} (?:ob|wie|warum|wer|wann|wo|was|welche\w?|wieso|"
            r"inwie\w+)",
            r"(?:wurde|wuerde) (?:mich|uns|ich|gern|gerne)(?: \w+){0,4} (?:interessieren|wissen|erfahren|horen|"
            r"fragen)",
            r"(?:mich|uns) (?:interessiert|wurde interessieren|interessiert sehr)|(?:mochte|wollte|will|wollen|"
            r"mochten)(?: \w+){0,4} (?:wissen|fragen|erfahren|verstehen)",
            r"(?:bin|sind) (?:gespannt|neugierig)(?: \w+)? (?:ob|wie|was|wer|welche\w?)",
            r"(?:weiss|weis|verstehe|unklar|ist nicht klar|keine ahnung)(?: \w+){0,2} (?:ob|wie|warum|wer|wann|wo|"
            r"welche\w?)",
            r"(?:konnt|konnten|konntet|kann|konnte) (?:ihr|sie|jemand|mir jemand|uns jemand|bitte jemand)(?: "
            r"\w+){0,6} (?:erklaren|sagen|erzahlen|verraten|teilen|erlautern)",
            r"meine frage (?:ist|lautet|an|ware)",
        ),
    ),
    "es": Asking(
        opens=(
            r"(?:como|por que|porque|quien|quienes|cuando|donde|cuanto|cuanta|cuantos|cuantas|cual|cuales|que|a "
            r"quien|para que|de que|en que)(?! (?:siempre|dice|dijo|decia|bien|bueno|buena|buen|gran|bonito|"
            r"bonita|alegria|emocion|ilusion|ganas|interesante|maravilla|gusto|madre|padre|paciente|persona|"
            r"usuaria|dia|jornada|grande|suerte|pena|rico|envidia|nos|me|se)) \w+",
            r"(?:hay|puede|pueden|podria|podrian|podriais|existe|existen|se puede|es posible|alguien|teneis|"
            r"tienen|habeis|han|ha|sabe|saben|sabeis|seria posible|deberia|deberian|creeis|creen) (?:alguien|"
            r"alguna|algun|algo|sabe|tiene|ha|puede|que|los|las|el|la|un|una|ustedes|explicar\w*|compartir|datos|"
            r"evidencia|plan|planes|formas?|hablar|decir\w*|probado|pensado)",
            r"(?:una |mi |otra )?(?:pregunta|duda|consulta) \w+|alguna (?:idea|sugerencia|recomendacion)|que tal "
            r"(?:si|funciona|los|las)",
        ),
        asks=(
            r"(?:me|nos) (?:pregunto|preguntamos|preguntaba|gustaria|encantaria|interesa|interesaria|intriga) "
            r"(?:si|como|por que|quien|cuando|cuanto|que|cual|saber|conocer|entender|preguntar|escuchar|oir)",
            r"(?:quisiera|quiero|queria|queremos|gustaria|tengo curiosidad por) (?:saber|preguntar|conocer|"
            r"entender|consultar)",
            r"(?:no se|no entiendo|no tengo claro|no queda claro) (?:si|como|por que|quien|que|cual|cuanto)",
            r"(?:podrian|podriais|pueden|puede|podria|podeis)(?: \w+){0,2} (?:explicar\w*|decir\w*|contar\w*|"
            r"compartir|aclarar)",
            r"(?:mi|una) pregunta (?:es|para|seria|a)",
            r"alguien (?:sabe|tiene|ha|conoce|puede|me puede)",
        ),
    ),
    "it": Asking(
        opens=(
            r"(?:come|perche|chi|quando|dove|quanto|quanta|quanti|quante|quale|quali|cosa|che cosa|a chi|in che "
            r"modo|qual)(?! (?:sempre|dice|diceva|bello|bella|paziente|caregiver|detto|sapete|si dice|ho|abbiamo|"
            r"famil\w+|utente|volontari\w)) \w+",
            r"(?:ce|ci sono|esiste|esistono|avete|potete|potreste|puo|si puo|e possibile|qualcuno|sapete|ha senso|"
            r"bisogna|dobbiamo|serve|pensate) (?:qualche|qualcuno|un|una|dei|delle|dati|prove|gia|sa|ha|conosce|"
            r"puo|spiegar\w*|dir\w*|raccontar\w*|mai|i|gli|le|il|la|modo|davvero|anche|fare|avere|che)",
            r"(?:una |la mia )?domanda \w+|qualche (?:idea|consiglio|suggerimento)|che ne (?:e|dite|pensate)",
        ),
        asks=(
            r"(?:mi|ci) (?:chiedo|chiediamo|chiedevo|domando|piacerebbe|interessa|interesserebbe|incuriosisce) "
            r"(?:se|come|perche|chi|quando|quanto|cosa|quale|quali|sapere|capire|chiedere|sentire|conoscere)",
            r"(?:vorrei|vorremmo|volevo|voglio|curios\w (?:di|da)) (?:sapere|chiedere|capire|domandare|sentire)",
            r"(?:non so|non capisco|non mi e chiaro|non e chiaro) (?:se|come|perche|chi|cosa|quale)",
            r"(?:potete|potreste|qualcuno puo|puo qualcuno)(?: \w+){0,2} (?:spiegar\w*|dir\w*|raccontar\w*|"
            r"condivider\w*|chiarire)",
            r"qualcuno (?:sa|ha|conosce|puo)",
        ),
    ),
    "pt": Asking(
        opens=(
            r"(?:como|por que|porque|porque e que|quem|quando|onde|quanto|quanta|quantos|quantas|qual|quais|o que|"
            r"de que|a quem|sera que|pra que|para que|em que)(?! (?:sempre|diz|dizia|disse|bom|boa|lindo|linda|"
            r"mae|pai|paciente|usuari\w|cuidador\w*|profissional|todos|eu|nos|se)) \w+",
            r"(?:ha|existe|existem|tem|voces|alguem|podem|poderiam|pode|da para|e possivel|deviamos|devemos|sabem|"
            r"ja) (?:alguma?|algum|alguem|sabe|tem|ja|pode|como|dados|evidencias?|planos?|explicar|partilhar|"
            r"dizer|compartilhar|conhece|forma|medir|pensaram|conseguiram|falar|acham)",
            r"(?:uma |minha |a minha )?(?:pergunta|duvida) \w+|alguma (?:ideia|sugestao|dica)|e quanto a",
        ),
        asks=(
            r"(?:gostaria|gostava|gostaríamos|queria|quero|queremos|adoraria|curios\w (?:para|por)|tenho "
            r"curiosidade em) (?:de )?(?:saber|perguntar|entender|perceber|ouvir|conhecer)",
            r"(?:me|eu me|fico me) (?:pergunto|perguntando) (?:se|como|por que|quem|quando|qual|o que)|pergunto "
            r"me (?:se|como|quem|qual)|sera que",
            r"(?:nao sei|nao entendo|nao percebo|nao ficou claro|nao esta claro) (?:se|como|por que|porque|quem|"
            r"qual|o que)",
            r"(?:podem|poderiam|pode|podiam|alguem pode)(?: \w+){0,2} (?:explicar|dizer|contar|partilhar|"
            r"compartilhar|esclarecer)",
            r"alguem (?:sabe|tem|conhece|pode|ja)",
        ),
    ),
    "nl": Asking(
        opens=(
            r"(?:hoe|waarom|wie|wanneer|waar|wat|welke|welk|hoeveel|hoezo|waarmee|waarvan|waaruit|waaraan|in "
            r"hoeverre|wiens)(?! (?:dan ook|een|fijn|mooi|leuk|goed|ik|we|wij|gezegd|ons|mij)) \w+",
            r"(?:is|zijn|kan|kunnen|kun|heeft|hebben|hebt|heb|moet|moeten|mag|mogen|zou|zouden|wordt|worden|gaat|"
            r"gaan|weet|weten|komt|was|doen|doet|krijgen|krijgt|zal|zullen) (?:er|iemand|je|jullie|we|wij|u|het|"
            r"de|dit|dat|deze|die|ik|men|een|jij|ze|peer|ook|ervaringsdeskundigen)",
            r"(?:een |mijn |korte )?vraag \w+|vraagje|iemand (?:een idee|ervaring|tips)|tips (?:voor|over)",
        ),
        asks=(
            r"(?:vraag|vragen|vroeg) (?:me|mij|ons)(?: \w+){0,2} af|(?:benieuwd|nieuwsgierig)(?: \w+)? (?:of|hoe|"
            r"wat|wie|naar|waarom|welke)",
            r"(?:zou|wil|wilde|willen|zouden)(?: \w+){0,4} (?:weten|vragen|horen|begrijpen)",
            r"(?:weet|snap|begrijp|niet duidelijk|geen idee)(?: \w+){0,2} (?:of|hoe|wie|waarom|wat|welke)",
            r"(?:kan|kunnen|kunt|kun|zou)(?: iemand| jullie| u| je)(?: \w+){0,6} (?:uitleggen|vertellen|delen|"
            r"zeggen|toelichten)",
            r"(?:weet|heeft|kent) iemand",
            r"(?:mijn|een) vraag (?:is|aan|voor)",
        ),
    ),
    "pl": Asking(
        opens=(
            r"(?:czy|jak|jaki|jaka|jakie|jakich|jakim|dlaczego|czemu|kto|kogo|komu|kim|kiedy|gdzie|skad|ile|ilu|"
            r"co|ktory|ktora|ktore|po co|w jaki|na czym|jakby)(?! (?:zawsze|mowi|milo|dobrze|fajnie|mamy|widac|"
            r"wiadomo|super|pieknie|pacjent\w*|opiekun\w*|osoba|cudownie)) \w+",
            r"(?:pytanie|mam pytanie|ktos (?:wie|ma|zna|probowal\w*)|macie (?:jakies|moze|pomysl\w*)|moze ktos|"
            r"jakies (?:pomysly|rady|przyklady))",
        ),
        asks=(
            r"(?:zastanawiam|zastanawiamy|ciekawi|interesuje|nurtuje) (?:sie|mnie|nas)|(?:ciekaw|ciekawa|ciekawy|"
            r"ciekawe) (?:jestem )?(?:czy|jak|co|kto|ile|jaki\w?|kiedy|dlaczego)",
            r"(?:chcial\w*|chce|chcemy|chcielib\w*)(?: \w+)? (?:zapytac|wiedziec|spytac|dowiedziec|uslyszec|"
            r"zrozumiec)",
            r"(?:nie wiem|nie rozumiem|nie jest jasne|nie mam pojecia) (?:czy|jak|kto|co|dlaczego|ile|kiedy|"
            r"jaki\w?)",
            r"(?:czy|mozecie|moglibyscie|moze|mogliby|prosze)(?: \w+){0,3} (?:wyjasnic|powiedziec|podzielic|"
            r"opowiedziec)",
            r"(?:mam|moje|krotkie) pytanie",
        ),
        ends=(r"czy nie",),
    ),
    "tr": Asking(
        opens=(
            r"(?:nasil|neden|nicin|niye|kim|kimin|kime|ne zaman|nerede|nereye|kac|hangi|acaba|ne kadar|neler|soru|"
            r"sorum|bir soru|merak ettim) \w+",
            r"(?:bilen|deneyen|yapan) var",
        ),
        asks=(
            r"(?:mi|mu|miyiz|miyim|misiniz|musunuz|midir|mudur|misin|musun|muyuz|miydi|muydu)",
            r"merak ediyor\w*|merak ettim|ogrenmek ister\w*|sormak ist\w*|bilmek ist\w*|aciklar misiniz|anlatir "
            r"misiniz|acaba",
            r"(?:nasil|neden|nicin|kim|nerede|ne zaman|kac|hangi|ne kadar) (?:\w+ ){0,9}(?:\w*(?:yor|yorlar|"
            r"yorsunuz|yoruz|ecek|acak|meli|mali|ebilir|abilir|ebiliriz|abiliriz|lir|ir|er|ar|di|ti|du|tu|li|"
            r"siniz|sunuz|riz|ruz|mis|var|gerek|gerekiyor))",
        ),
    ),
    "ar": Asking(
        opens=(
            r"(?:هل|كيف|لماذا|لم|ما|ماذا|من|متى|أين|كم|أي|اين|لمن|بماذا|وهل|وكيف|ليش|شو|إلى أي|ما هي|ما هو|منو|"
            r"وين|كيفية)(?! (?:أجمل|أروع|اجمل|اروع|شاء|أحلى|زلت|زلنا|خلال|أجل|الجميل|الرائع|المهم|تجربتي|تجربتنا|"
            r"خبرتي|المؤسف|الضروري|هنا)) \w+",
            r"(?:سؤال|سؤالي|عندي سؤال|لدي سؤال|استفسار)",
        ),
        asks=(
            r"(?:أود|أريد|نود|أحب|حابب|حابة|أرغب|نريد|اود|اريد)(?: \w+){0,2} (?:أن )?(?:أعرف|نعرف|أسأل|نسأل|معرفة|"
            r"أفهم|السؤال|اعرف|اسأل|أعلم)",
            r"(?:أتساءل|اتساءل|نتساءل|يا ترى)",
            r"(?:هل|ممكن) (?:يمكن|يمكنكم|تشرحون|توضحون|توضيح|أحد|هناك|توجد|يوجد|تشرحوا|أحدكم)",
            r"لا (?:أعرف|أفهم|نعرف) (?:كيف|لماذا|من|هل|ما|ماذا|إن)",
        ),
    ),
    "ur": Asking(
        opens=(r"(?:کیا|کیسے|کیوں|کون|کب|کہاں|کتنا|کتنے|کتنی|کس|کونسا|کونسی|کن|سوال|میرا سوال|ایک سوال)",),
        asks=(
            r"(?:کیسے|کیوں|کون|کب|کہاں|کتنا|کتنے|کتنی|کس طرح|کس کو|کس نے|کون سا|کون سی|کونسا)",
            r"(?:جاننا|پوچھنا|سمجھنا) (?:چاہت\w+|چاہوں|چاہیں|تھا)",
            r"کوئی (?:بتا|بتائے|سمجھا)|(?:بتا|سمجھا|وضاحت کر) (?:سکت\w+|دیں)",
        ),
    ),
    "hi": Asking(
        opens=(
            r"(?:क्या|कैसे|क्यों|कौन|कब|कहाँ|कितना|कितने|कितनी|किस|कौनसा|किन|सवाल|मेरा सवाल|एक सवाल|प्रश्न|kya|"
            r"kaise|kyon|kyun|kaun|kab|kahan|kitna|kitne)",
        ),
        asks=(
            r"(?:कैसे|क्यों|कौन|कब|कहाँ|कितना|कितने|कितनी|किस तरह|किस को|किसको|किसने|कौन सा|कौन सी|कौनसा|kaise|"
            r"kyun|kaun|kitna)",
            r"(?:जानना|पूछना|समझना) (?:चाहत[^ ]+|चाहूँ[^ ]*|चाहें[^ ]*|था|थी|है)",
            r"कोई (?:बता|बताए|समझा)|(?:बता|समझा) (?:सकत[^ ]+|दें|दीजिए)",
        ),
    ),
    "bn": Asking(
        opens=(
            r"(?:কি|কী|কেন|কিভাবে|কীভাবে|কে|কারা|কখন|কোথায়|কত|কোন|কবে|কাকে|প্রশ্ন|আমার প্রশ্ন|একটা প্রশ্ন|একটি "
            r"প্রশ্ন)",
        ),
        asks=(
            r"(?:কেন|কিভাবে|কীভাবে|কারা|কখন|কোথায়|কত|কতজন|কবে|কাকে|কে কে|কতটা|কেমন করে)",
            r"(?:জানতে|বুঝতে|জিজ্ঞেস করতে|জিজ্ঞাসা করতে) (?:চাই|চাচ্ছি|চেয়েছিলাম|ইচ্ছা)",
            r"কেউ কি|(?:আছে|হবে|যাবে|পারি|পারে|পারেন|করেন|হয়|যায়|করা|আপনারা) (?:কি|কী)|(?:বলবেন|বলতে পারেন|"
            r"বোঝাবেন)",
            r"কে (?:[^ ]+ )?(?:দেয়|দেবে|করে|করবে|নেয়|দেন|করেন)",
        ),
        ends=(r"(?:কি|কী|কে|তো কি)",),
    ),
}

# Chinese and Japanese write without blanks: what asks may stand anywhere in the sentence.
UNSPACED = (
    r"[吗嗎呢](?: |$)|请问|請問|什么|什麼|怎么(?!样都)|怎麼|怎样|怎樣|如何|为什么|為什麼|为何|為何|"
    r"谁(?!都)|誰(?!も|か)|哪[里裡些个個种種儿]|多少|几[个人位年次]|幾[個人位年次]|是否|"
    r"能不能|有没有|有沒有|可不可以|是不是|会不会|會不會|要不要|想知道|想问|想問|想了解|想请教|請教|请教|"
    r"好奇|"
    r"(?:です|ます|ました|でした|でしょう|だろう|ません|ない|の|たい)か(?: |$)|なぜ|どうして|どうやって|"
    r"どのよう|どうすれば|どんな|どれくらい|どのくらい|いくら|いつから|どこで|どこに|どこから|何人|何が|"
    r"何を|何歳|教えて|知りたい|聞きたい|お聞き|伺いたい|気になり|気になって|質問です|質問があり"
)
UNSPACED_NOT = (
    r"不管|无论|無論|不知不觉|没什么|沒什麼|什么都|什麼都|じゃないですか|ではないでしょうか|"
    r"と思いませんか|なんと素|なんて素|教えてくれ(?:た|まし)|教えていただき"
)
