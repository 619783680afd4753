"""The names of months and weekdays as people write them in the languages of Europe."""

from __future__ import annotations

import unicodedata

_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuu tammikuuta stycznia styczen ledna"
    " leden ianuarie ionawr gener januara januaru",
    "february feb februar fevrier fevr fev febrero febbraio febb fevereiro februari helmikuu helmikuuta lutego luty"
    " unora unor februarie chwefror febrer februara februaru",
    "march mar marz maerz mars marzo marco maart mrt marts maaliskuu maaliskuuta marca marzec brezna brezen martie"
    " mawrth marc marciusa marcius",
    "april apr avril avr abril abr aprile huhtikuu huhtikuuta kwietnia kwiecien dubna duben aprilie ebrill aprila"
    " aprilis",
    "may mai mayo maggio mag maio mei maj toukokuu toukokuuta maja kvetna kveten maig majus",
    "june jun juni juin junio giugno giu junho kesakuu kesakuuta czerwca czerwiec cervna cerven iunie mehefin fehefin"
    " juny juna junius",
    "july jul juli juillet juil julio luglio lug julho heinakuu heinakuuta lipca lipiec cervence cervenec iulie"
    " gorffennaf juliol jula julius",
    "august aug aout agosto ago augustus augusti elokuu elokuuta sierpnia sierpien srpna srpen awst agost augusta"
    " augusztus",
    "september sep sept septembre septiembre settembre sett setembro set syyskuu syyskuuta wrzesnia wrzesien zari"
    " septembrie medi fedi setembre septembra szeptember",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta pazdziernika pazdziernik rijna"
    " rijen octombrie hydref oktobra",
    "november nov novembre noviembre novembro marraskuu marraskuuta listopada listopadu listopad noiembrie tachwedd"
    " novembra",
    "december dec dezember dez decembre diciembre dic dicembre dezembro desember des joulukuu joulukuuta grudnia"
    " grudzien prosince prosinec decembrie rhagfyr desembre decembra",
)
_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedi segunda maandag ma mandag mandagen maanantai maanantaina poniedzialek"
    " pondeli luni llun dilluns pondelok hetfo",
    "tuesday tue tues dienstag di mardi martes martedi terca dinsdag tisdag tisdagen tirsdag tirsdagen tiistai"
    " tiistaina wtorek utery marti mawrth dimarts utorok kedd",
    "wednesday wed weds mittwoch mi mercredi mer miercoles mercoledi quarta woensdag wo onsdag onsdagen keskiviikko"
    " keskiviikkona sroda srode streda stredu miercuri mercher dimecres szerda",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves giovedi quinta donderdag torsdag torsdagen torstai"
    " torstaina czwartek ctvrtek joi iau dijous stvrtok csutortok",
    "friday fri freitag fr vendredi ven viernes venerdi sexta vrijdag vr fredag fredagen perjantai perjantaina pe"
    " piatek patek vineri gwener divendres piatok pentek",
    "saturday sat samstag sonnabend sa samedi sam sabado sabato zaterdag za lordag lordagen lauantai lauantaina la"
    " sobota sobote sambata sadwrn dissabte sobotu szombat",
    "sunday sun sonntag so dimanche dim domingo domenica zondag zo sondag sondagen sunnuntai sunnuntaina su niedziela"
    " niedziele nedele nedeli duminica sul diumenge nedela vasarnap",
)
# Croatian "listopad" is October and that of Polish, Czech and Ukrainian November, so it is read as November.
_MORE_MONTHS = (
    "siječanj siječnja jaanuar janvāris janvārī sausio eanáir ocak xaneiro ιανουαρίου ιανουάριος січня януари января",
    "veljača veljače veebruar februāris februārī vasario feabhra şubat febreiro φεβρουαρίου φεβρουάριος лютого"
    " февруари февраля",
    "ožujak ožujka märts kovo márta mart μαρτίου μάρτιος березня март марта",
    "travanj travnja aprill aprīlis aprīlī balandžio aibreán nisan απριλίου απρίλιος квітня април апреля",
    "svibanj svibnja maijs maijā gegužės bealtaine mayıs μαΐου μάιος травня май мая",
    "lipanj lipnja juuni jūnijs jūnijā birželio meitheamh haziran xuño ιουνίου ιούνιος червня юни июня",
    "srpanj srpnja juuli jūlijs jūlijā liepos iúil temmuz xullo ιουλίου ιούλιος липня юли июля",
    "kolovoz kolovoza augusts augustā rugpjūčio lúnasa ágúst ağustos αυγούστου αύγουστος серпня август августа",
    "rujan rujna septembris septembrī rugsėjo eylül σεπτεμβρίου σεπτέμβριος вересня септември сентября",
    "oktoober oktobris oktobrī spalio ekim οκτωβρίου οκτώβριος жовтня октомври октября",
    "novembris novembrī lapkričio samhain samhna kasım νοεμβρίου νοέμβριος листопада ноември ноября",
    "prosinca detsember decembris decembrī gruodžio nollaig nollag aralık decembro δεκεμβρίου δεκέμβριος грудня"
    " декември декабря",
)
_MORE_WEEKDAYS = (
    "ponedjeljak ponedeljek esmaspäev pirmdiena pirmadienis luan luain mánudagur pazartesi luns δευτέρα понеділок"
    " понеделник понедельник",
    "utorak torek teisipäev otrdiena antradienis máirt mháirt þriðjudagur salı τρίτη вівторок вторник",
    "srijeda sreda kolmapäev trešdiena trečiadienis céadaoin chéadaoin miðvikudagur çarşamba mércores τετάρτη"
    " середа сряда среда",
    "četvrtak četrtek neljapäev ceturtdiena ketvirtadienis déardaoin fimmtudagur perşembe xoves πέμπτη четвер"
    " четвъртък четверг",
    "petak petek reede piektdiena penktadienis aoine haoine föstudagur cuma venres παρασκευή п'ятниця петък пятница",
    "subota laupäev sestdiena šeštadienis satharn sathairn laugardagur cumartesi σάββατο субота събота суббота",
    "nedjelja nedelja pühapäev svētdiena sekmadienis domhnach domhnaigh sunnudagur pazar κυριακή неділя неделя"
    " воскресенье",
)
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": "", "ʼ": ""})


def _plain(word: str) -> str:
    """Without case, accents and apostrophes."""
    letters = unicodedata.normalize("NFKD", word.casefold().removesuffix("-feira")).translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _numbered(*lists: tuple[str, ...], first: int) -> dict[str, int]:
    return {
        _plain(name): number for names in lists for number, line in enumerate(names, first) for name in line.split()
    }


_MONTH = _numbered(_MONTHS, _MORE_MONTHS, first=1)
_WEEKDAY = _numbered(_WEEKDAYS, _MORE_WEEKDAYS, first=0)


def month_of(word: str) -> int | None:
    """1 to 12, or None if no language names a month so."""
    return _MONTH.get(_plain(word))


def weekday_of(word: str) -> int | None:
    """0 (Monday) to 6, or None if no language names a weekday so."""
    return _WEEKDAY.get(_plain(word))
