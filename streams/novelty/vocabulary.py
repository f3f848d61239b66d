"""Words that carry no statement, and small classes of words that state the same thing.

Inside one event two reports use different words for one fact: a pact is signed, a treaty is
concluded. The classes hold only common words of news; a class shares one stem, the first.
"""

import re
from functools import lru_cache

from streams.text.remembered import Remembered
from streams.text.words import stem

_FUNCTION_WORDS = {
    "en": """a about above after again against all also although am amid among an and any are
    around as at be because been before being below between both but by came can come comes could
    did do does doing down during each either even for from further had has have having he her here
    hers him his how however i if in including into is it its itself just like made make makes many
    may me might more most much must my neither no nor not now of off on once one only onto or other
    our out over own per quite rather really said same say saying says she should since so some
    still such than that the their them then there these they this those though through to told
    too toward towards under until up upon us very was we well were what when where whether which
    while who whom whose why will with within without would yet you your according afternoon
    early earlier evening friday including late later monday morning news night official officials
    people person report reported reports saturday spokesman spokesperson spokeswoman sunday
    thursday today told tuesday wednesday yesterday""",
    "de": """aber alle als also am an auch auf aus bei beim bis da damit dann das dass dem den denn
    der des die dies diese diesem diesen dieser doch durch ein eine einem einen einer eines er es
    für gegen habe haben hat hatte hatten ihm ihn ihr ihre ihren im in ins ist ja kann kein keine
    können mehr mit nach nicht noch nun nur ob oder ohne sagte sei sein seine seinen seit sich sie
    sind so soll sollte sowie über um und unter vom von vor war waren wegen weil wenn werden wie
    wieder will wird wo worden wurde wurden zu zum zur zwischen""",
    "fr": """à au aussi autre aux avait avant avec avoir c'est ce cela ces cet cette comme d'un
    d'une dans de depuis des deux dit donc dont du elle elles en encore entre est et été être fait
    il ils je l la le les leur leurs lors lui mais même moins ne nous on ont ou où par pas pendant
    plus pour qu'il que qui s'est sa sans se selon ses si son sont sous sur tous tout très un une
    vers""",
    "es": """a al algo ante antes aún aunque cada como con contra cuando de del desde donde dos el
    él ella en entre era es ese esta está estaba estado este esto fue fueron ha había han hasta hay
    la las le les lo los más me mientras muy no nos o otra otro para pero por porque que qué se sea
    según ser si sin sobre son su sus también tiene todo todos tras un una uno y ya""",
    "it": """a ad ai al alla alle anche che chi ci come con da dal dalla dalle dei del della delle
    di dopo dove è e ed era essere fra gli ha hanno ho i il in la le lo ma nel nella non o per più
    prima quando questa questo se secondo si sia sono stata stato su sul sulla tra tutti un una
    uno""",
    "pt": """a ao aos as até com como da das de depois do dos e é em entre era essa esse esta está
    este foi foram há isso já mais mas na não nas no nos o os ou para pela pelas pelo pelos por
    quando que se segundo sem ser seu seus são sobre sua também tem um uma""",
    "nl": """aan al als ook bij dan dat de deze die dit door een en er had heb heeft het hij hun in
    is kan maar meer met na naar niet nog nu of om onder ook op over te tegen toen tot uit van veel
    voor waar was wat werd wie wordt zegt ze zei zich zij zijn zo zou""",
    "ru": """а без более больше будет будут бы был была были было быть в вам вас ведь весь во вот
    все всего всех всю вы где да даже для до его ее её если еще ещё же за здесь и из или им именно
    их к каждый как какой когда которая которого которое которой котором которую которые который
    которых кто ли либо лишь между меня мне многие можно может мог могут мы на над надо нам нас не
    него нее неё нет ни них но ну о об однако он она они оно от очень перед по под после потом
    потому почти при про раз с сам своего своей свои своих свой свою себе себя сейчас со сообщил
    сообщила сообщили сообщает словам среди стал стала стали стало так также такой там тем теперь
    то того тоже только том тот трех ту тут ты у уже заявил заявила заявили хотя чего чем через
    что чтобы чуть эта эти этим этих это этого этой этом этому этот эту я года году лет также
    около отметил рассказал пока именно поэтому""",
    "sv": """alla allt att av bara blev bli blir både de dem den denna det detta dock du där
    då efter eller en enligt ett från får för fått genom han har hade hans hennes hon hur i
    in inte inom inför ja jag kan kom kommer kunde man med mellan men mer mot mycket när nu
    någon något några och också om på redan sa samt sedan ska skulle som säger så till under
    upp ut utan vad var vara varit vi vid vilket vill är än även åt över""",
    "da": """af alle alt at bare blev blive bliver da de dem den denne der deres det dette dog du
    efter eller en end er et ett fik for fra får før få gennem ham han hans har havde hele her hun
    hvad hvis hvor i ifølge ikke ind ja jeg kan kom kommer kun kunne man med meget mellem men mere
    mod nogen noget nogle nu når og også om op over på sagde samt siden siger sig sin skal skulle
    som så til ud uden under var ved vi vil ville være været år""",
    "no": """alle alt at av bare ble bli blir blitt både da de dem den denne der deres det dette du
    då eller en enn er et etter ett fikk for fordi fra før få får gjennom ham han hans har hadde
    hele her hun hva hvis hvor i ifølge ikke inn ja jeg kan kom kommer kun kunne man med meget
    mellom men mer mot noe noen nå når og også om opp over på sa sier seg siden sin skal skulle som
    så til under ut uten var ved vi vil ville være vært år""",
}
_SAME = """
agreement accord agree concord covenant deal pact treaty
assistance aid assist help helping mutual support supporting
aggression aggress assault attack attacked attacker invade invasion
killed dead death deadly die died dying fatal fatality kill killing perish slain victim
injured hurt injure injury wound wounded
quake earthquake tremor temblor
fire blaze wildfire
explosion bomb bombing blast explode
arrested arrest custody detain detained detention
police cop policeman
visit tour travel trip journey
meeting meet summit talks discuss discussion negotiation negotiate
defence defense defend military
nation country state
leader head chief
near nearly almost
relationship alliance ally partner partnership tie cooperation
announce announcement declare declaration statement
north northern
south southern
east eastern
west western
strike struck hit
rescue rescuer
lawmaker legislator senator congressman
company firm corporation business
purchase acquire acquisition buy bought takeover
rise climb grow increase jump soar surge
fall decline decrease drop plunge slump
resign quit resignation
win victory won beat defeat
begin launch start began
end finish halt stop
vote ballot election poll
murder homicide
court judge tribunal
convicted convict guilty
trial hearing
storm hurricane cyclone typhoon
flood flooding deluge
crash collide collision
child kid children
protest demonstration demonstrator protester rally
worker employee staff
job post position
film movie
hospital clinic hospitalise hospitalize
evacuate evacuation evacuee
missing unaccounted
doctor physician
choose appoint appointment name nominate pick
worry concern fear
reject deny denial dismiss refute
accuse allege allegation blame
expand deepen strengthen tighten
show display demonstrate
big huge large major significant
house home homes
sink sank sunk capsize
pupil student schoolchild
jail prison imprison sentence
close shut closure
midday noon
extinguish douse
percent cent percentage
aboard board
low lower reduce reduction cut
managing ceo executive
competitor rival
brewery brewer brewing
consent approve approval
championship champion title
triumph win
quarrel dispute row
ban banned forbid forbidden forbade prohibit prohibition
withdraw withdrawn withdrew revoke
sell sold sale
investigate investigation inquiry probe
sue sued lawsuit
tear torn tore
throw threw thrown
annual annually
propose proposal
order command
trade commerce
football soccer
boulder rock stone
adjacent beside
surgery operation
shop store
robber thief burglar raider
steal stole stolen theft robbery
hostage captive
free freed release
gunman attacker
ship vessel boat
captain skipper master
spectator crowd audience
coach manager trainer
goal score net
unemployed jobless
gale storm
sleep slept asleep
block close
collapse crumble topple
flee fled escape
wed marry married wedding
infant baby
illness disease sick
vaccine vaccination vaccinate jab
rain rainfall
damage destroy destruction
replace successor succeed
parliament parliamentary assembly
coalition alliance
minister secretary
city town
car vehicle
road street highway
rail railway train
plane aircraft airplane jet
airport airfield
power electricity
frontier border
drone uav
army troops soldier
"""
# Steps after which the event stands otherwise: one of them alone is news.
_STEPS = """killed injured arrested missing resign acquit convicted free evacuate withdraw
cancel murder collapse kidnap approve appeal explosion investigate sue veto""".split()
_SMALL = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {
    **{word: value for words in _SMALL.values() for value, word in enumerate(words.split(), 2)},
    **{word: value for value, word in enumerate(_TEENS, 13)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    "dozen": 12,
}
_UNITS = {"one": 1, **{word: value for word, value in _VALUES.items() if value < 10}}
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_POSSESSIVE = re.compile(r"['’]s?$")


@lru_cache(maxsize=16)
def function_words(language: str) -> frozenset[str]:
    """Lower-case words of ``language`` that state nothing; English for an unknown one."""
    return frozenset(_FUNCTION_WORDS.get(language, _FUNCTION_WORDS["en"]).split())


@lru_cache(maxsize=20_000)
def digits(word: str) -> str | None:
    """A number in plain digits, None for another word.

    >>> [digits(word) for word in ("fifty-two", "1.900", "6,4", "house")]
    ['52', '1900', '6.4', None]
    """
    if word[:1].isdigit():
        grouped = _GROUPED.fullmatch(word)
        return re.sub("[.,]", "", word) if grouped else word.replace(",", ".")
    tens, hyphen, unit = word.casefold().partition("-")
    value = _VALUES.get(tens)
    if value is None or not hyphen:
        return str(value) if value else None
    return str(value + _UNITS[unit]) if value >= 20 and unit in _UNITS else None


@lru_cache(maxsize=1)
def same_meaning() -> dict[str, str]:
    """English stem -> stem of the first word of its class; a word of two classes keeps one."""
    classes = (line.split() for line in _SAME.strip().splitlines())
    table: dict[str, str] = {}
    for first, *others in classes:
        for word in (first, *others):
            table.setdefault(stem(word), stem(first))
    return table


@lru_cache(maxsize=1)
def steps() -> frozenset[str]:
    """Stems of words, each for its class, that change how an event stands."""
    same = same_meaning()
    return frozenset(same.get(stem(word), stem(word)) for word in _STEPS)


def _name(word: str) -> str | None:
    return _POSSESSIVE.sub("", word).lower() if word[:1].isupper() else None


NAMES = Remembered(_name)
"""A word with a capital in lower case, without possessive; None for another word."""
