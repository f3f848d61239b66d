"""Words that carry no statement, and small classes of words that state the same thing.

Inside one event two reports use different words for one fact: a pact is signed, a treaty is
concluded. The classes hold only common words of news; a class shares one stem, the first.
"""

from functools import lru_cache

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
police officer cop
visit tour travel trip journey
meeting meet summit talks discuss discussion
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
"""


@lru_cache(maxsize=16)
def function_words(language: str) -> frozenset[str]:
    """Lower-case words of ``language`` that state nothing; English for an unknown one."""
    return frozenset(_FUNCTION_WORDS.get(language, _FUNCTION_WORDS["en"]).split())


@lru_cache(maxsize=1)
def same_meaning() -> dict[str, str]:
    """English stem -> stem of the first word of its class; a word of two classes keeps one."""
    classes = (line.split() for line in _SAME.strip().splitlines())
    table: dict[str, str] = {}
    for first, *others in classes:
        for word in (first, *others):
            table.setdefault(stem(word), stem(first))
    return table
