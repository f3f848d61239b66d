"""The words that scores and votes are read by."""

import re


def _words(text: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(text.split())})\b", re.I)


WON = _words(
    r"""beat(?:s|ing)? defeat(?:s|ed|ing) w[io]ns? winning edg(?:e[ds]?|ing) thrash(?:e[ds]|ing)
    rout(?:ed|s|ing) hammer(?:ed|s|ing) stunn?(?:ed|s|ing) overc[oa]mes? crush(?:ed|es|ing)
    advanced? leads? leading led victor(?:y|ies) triumph(?:s|ed)? besieg(?:te?n?|t)
    schlug(?:en)? schlägt bezwang bezwingt gewann(?:en)? gewinnt gewonnen siegten? siegt sieg
    führt führten? führung venci[óo] vence(?:n|r)? derrot[óo] derrotar gole[óo] gan[óo]
    gana(?:n|r|ron)? victoria triunfo super[óoa] battu(?:e?s)? bat battent gagné gagne
    impos(?:e|é|ée|és|ent) victoire vainqueurs? domin[eé]"""
)
LOST = _words(
    r"""lost went\sdown goes\sdown loses? losing loss trail(?:s|ed|ing)? defeat unterlag(?:en)?
    unterliegt verlor(?:en)? verliert niederlage perdi[óo] perdieron pierde derrota perdu perd
    inclin(?:e|é|ée|és) défaite"""
)
DRAWN = _words(
    r"""drew held ended ends finished finishes endete[nt]? terminó draws? drawn tied? ties level
    unentschieden remis trennten? trennen empat(?:e|ó|aron) égalité nul neutralis(?:e|é|és)"""
)
# "were beaten 3-0 by B": the subject has less. Behind "battus" stands "par".
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|get|got|fue|fueron|ha sido|été|wurden?)(?: \w+)? $", re.I
)
BEATEN = re.compile(r"\bbeaten\b|\bgeschlagen\b|\bderrotad[oa]s?\b", re.I)
VOTED = _words(
    r"""vot(?:ed?|es|ing) ballots? passed passes passage approv(?:ed|es|al) adopt(?:ed|s|ion)
    backed backs confirm(?:ed|s) reject(?:ed|s|ion) defeat(?:ed|s) failed block(?:ed|s)
    rul(?:ed|es|ing) decision split stimm(?:ten?|en|t) abstimmung ab(?:ge)?stimm(?:t|ten)
    angenommen abgelehnt lehnten? votos? votaron votó aprob(?:ó|aron|ado) rechaz(?:ó|aron|ado)
    voix adopté[es]* rejeté[es]*"""
)
REFUSED = _words(
    r"""reject(?:ed|s|ion) block(?:ed|s) down failed threw thrown abgelehnt lehnten?
    rechaz(?:ó|aron|ado) rejeté[es]* (?:was|were|been|be)\sdefeated"""
)
APPROVED = _words(
    r"""passed passes passage approv(?:ed|es|al) adopt(?:ed|s|ion) backed backs confirm(?:ed|s)
    angenommen aprob(?:ó|aron|ado) adopté[es]*"""
)
CHAMBER = _words(
    r"""senate senators? house parliament lawmakers deputies mps assembly congress council
    councillors committee commission court judges justices jury board panel bundestag landtag
    parlament stadtrat gemeinderat gericht senado diputados parlamento congreso tribunal
    asamblea ayuntamiento sénat assemblée parlement députés conseil"""
)
MATTER = _words(
    r"""bill law motion amendment resolution treaty budget referendum proposal measure plan verdict
    gesetz antrag haushalt ley moción enmienda presupuesto loi motion projet budget"""
)
COUNTED = re.compile(r"\b(?:votes?|stimmen|votos|voix)\b", re.I)
# "voted 812 to 305", "the vote was 9 to 6"
VOTE_BEFORE = re.compile(
    r"\b(?:vot(?:ed?|es|ing)|stimmten?|votaron|votó)(?: (?:was|is|of|by|mit|por))* $", re.I
)
# What a number pair may be called right behind it; any other noun makes it a range of that noun.
OF_SCORE = _words(
    r"""wins? victory defeat loss draw tie lead advantage triumph thrashing rout vote votes voting
    ruling decision verdict majority margin score scoreline home away overall late early goals
    points games sieg heimsieg auswärtssieg niederlage unentschieden führung stimmen victoria
    triunfo derrota empate votos goles victoire défaite nul voix buts half halftime aggregate
    series ahead up down gegen contre face ante frente contra geschlagen besiegt bezwungen
    gewonnen"""
)
# What stands before a number pair that is no score.
NO_SCORE = re.compile(
    r"(?:\b(?:aged?|ages|between|from|odds|odds of|seats?|rules?|pages?|formation|routes?|articles?"
    r"|chapters?|flight|tel|phone|call|no|week|weeks|days?|season|per|around|about|over|um|gegen|ab"
    r"|zwischen|entre|de|von|channel|line"
    r"|(?:improv\w+|f[ae]ll\w*|dropp?\w*|mov\w+|record|wound up|stands?|go(?:es|ing)?|went"
    r"|start\w*|now)(?: to| at| of)?"
    r"|grades?|years?|seeds?|lanes?|exits?|rooms?)\.?|[#$€£(+])"
    r"\s?$",
    re.I,
)
# Behind a number pair: a duration, a time.
TIMES = re.compile(
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|am|pm|uhr|jahren?|tagen?|stunden?|años?"
    r"|días|horas|ans|jours|heures",
    re.I,
)
# The game goes on: a later score of it takes the place of this one.
RUNNING = re.compile(
    r"\b(?:leads?|leading|led|trail(?:s|ed|ing)?|ahead|half-?time|führ(?:t|te|ten|ung)|zur pause"
    r"|gana(?:ba|n)?|al descanso|mène(?:nt)?|menait|mi-temps)\b",
    re.I,
)
KINDS = (
    (
        "shoot-out score",
        re.compile(
            r"\b(?:on|after) penalties|\bshoot-?out|elfmeterschie|penaltis|tirs au but", re.I
        ),
    ),
    ("aggregate score", re.compile(r"\baggregate\b|\bglobal\b", re.I)),
    ("series score", re.compile(r"\bseries\b|\bserie\b|\bsérie\b", re.I)),
)
COMPETITION = re.compile(
    r"\b(?:Cup|League|Stadium|Final|Finals|Championships?|Trophy|Open|Masters|Arena|Park|Round|Group"
    r"|Pokal|Liga|Copa|Coupe|Ligue|Stadion|Estadio|Stade)\b|pokal$|liga$|stadion$"
)
# Beside function words, no part of a name.
NO_NAME = re.compile(
    r"Coach|Captain|Substitute|Hosts|Visitors|Champions|Holders|Final|Score|Result|Full|Half|M(?:r|rs|s)"
    r"|Dr|Rep|Sen|Police|Officials|Both|Congratulations|When|While|With|For|Before|After|Nach|Mit|Am"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch"
    r"|January|February|March|April|May|June|July|August|September|October|November|December"
)
JOINS = {
    "en": r"(?:[-–]| to )",
    "de": r"(?: ?[-–:] ?| zu )",
    "es": r"(?:[-–]| a | contra )",
    "fr": r"(?:[-–]| à | contre )",
    "pt": r"(?:[-–]| a | contra )",
    "it": r"(?:[-–]| a )",
}
