"""Tables of the words that dates and sums are written with; see ``value_words``."""

from typing import Literal

Bound = Literal["none", "at_least", "at_most", "about"]

COMMA = frozenset("de es fr it pt nl ru uk pl sv da no".split())  # 1.234,56
DOTTED_SPANISH = frozenset("mx us pe gt hn ni sv pa do pr".split())  # 1,234.56, by country
TABLES = frozenset(("en", "de", "es", "fr", "it", "pt", "nl", "ru"))

SCALES = {
    "en": {
        2: "hundred",
        3: "thousand k",
        5: "lakh lakhs",
        6: "million millions m mn mln",
        7: "crore crores",
        9: "billion billions bn bln b",
        12: "trillion trillions tn",
    },
    "de": {
        2: "hundert",
        3: "tausend tsd",
        6: "million millionen mio",
        9: "milliarde milliarden mrd",
        12: "billion billionen bio",
    },
    "es": {3: "mil", 6: "millón millones", 12: "billón billones"},
    "fr": {
        3: "mille k",
        6: "million millions m",
        9: "milliard milliards md mds",
        12: "billion billions",
    },
    "it": {3: "mila mille", 6: "milione milioni mln", 9: "miliardo miliardi mld"},
    "pt": {
        3: "mil",
        6: "milhão milhões mi",
        9: "bilhão bilhões bi",
        12: "trilhão trilhões tri",
    },
    "nl": {3: "duizend", 6: "miljoen mln", 9: "miljard mld", 12: "biljoen"},
    "ru": {
        3: "тыс тысяча тысячи тысяч тысячу",
        6: "млн миллион миллиона миллионов",
        9: "млрд миллиард миллиарда миллиардов",
        12: "трлн триллион триллиона триллионов",
    },
}
LOOSE = frozenset("m b k".split())  # metres too, where a space stands before and no sign

# What a bare name of a currency means; "?" where only the country can tell.
HEADS = {
    "en": """dollar=? dollars=? euro=EUR euros=EUR pound=? pounds=? sterling=GBP yen=JPY yuan=CNY
    renminbi=CNY won=KRW rupee=? rupees=? rouble=RUB roubles=RUB ruble=RUB rubles=RUB peso=?
    pesos=? franc=? francs=? kroner=? kronor=SEK kronur=ISK krone=? krona=? reais=BRL rand=ZAR
    rands=ZAR dirham=? dirhams=? riyal=? riyals=? rial=? rials=? dinar=? dinars=? shilling=?
    shillings=? naira=NGN baht=THB ringgit=MYR rupiah=IDR dong=VND hryvnia=UAH hryvnias=UAH
    zloty=PLN zlotys=PLN lira=? shekel=ILS shekels=ILS colones=? bolivars=VES bolivares=VES
    soles=PEN kwacha=? birr=ETB cedi=GHS cedis=GHS taka=BDT tenge=KZT forint=HUF forints=HUF
    kyat=MMK kyats=MMK lempira=HNL lempiras=HNL""",
    "de": """dollar=? us-dollar=USD euro=EUR euros=EUR pfund=? yen=JPY yuan=CNY rubel=RUB rupien=?
    franken=CHF pesos=? lira=TRY zloty=PLN złoty=PLN kronen=? reais=BRL rand=ZAR""",
    "es": """dólar=? dólares=? euro=EUR euros=EUR peso=? pesos=? yenes=JPY yuanes=CNY yuan=CNY
    rublos=RUB francos=? rupias=? reales=BRL soles=PEN bolívares=VES quetzales=GTQ lempiras=HNL
    córdobas=NIO colones=? guaraníes=PYG""",
    "fr": """dollar=? dollars=? euro=EUR euros=EUR yens=JPY yuans=CNY roubles=RUB roupies=?
    francs=? pesos=? dirhams=? dinars=? couronnes=?""",
    "it": "dollari=? euro=EUR sterline=GBP franchi=? rubli=RUB yen=JPY yuan=CNY lire=ITL pesos=?",
    "pt": """dólar=? dólares=? euro=EUR euros=EUR reais=BRL ienes=JPY iuanes=CNY yuans=CNY
    rublos=RUB kwanzas=AOA meticais=MZN pesos=? escudos=?""",
    "nl": "dollar=? euro=EUR pond=? yen=JPY yuan=CNY roebel=RUB frank=? kronen=? rand=ZAR",
    "ru": """рубль=RUB рубля=RUB рублей=RUB рублях=RUB руб=RUB доллар=? доллара=? долларов=?
    евро=EUR юаней=CNY юаня=CNY юань=CNY иен=JPY иены=JPY гривен=UAH гривны=UAH гривень=UAH
    тенге=KZT франков=CHF лир=TRY""",
}
CENTS = {
    "en": "cent=? cents=? pence=GBP",
    "de": "cent=? cents=?",
    "es": "céntimo=EUR céntimos=EUR centavo=? centavos=?",
    "fr": "centime=? centimes=?",
    "it": "centesimo=EUR centesimi=EUR",
    "pt": "cêntimo=EUR cêntimos=EUR centavo=? centavos=?",
    "nl": "cent=? eurocent=EUR",
    "ru": "копейка=RUB копейки=RUB копеек=RUB цент=? центов=?",
}
HUNDREDTHS = dict(pair.split("=") for pairs in CENTS.values() for pair in pairs.split())
# More names that CLDR does not have.
MORE = {
    "en": {
        "pounds sterling": "GBP",
        "british pound": "GBP",
        "korean won": "KRW",
        "us dollars": "USD",
        "us dollar": "USD",
        "american dollars": "USD",
        "u.s. dollars": "USD",
        "u.s. dollar": "USD",
        "u. s. dollars": "USD",
        "u. s. dollar": "USD",
        "canadian dollar": "CAD",
        "zimbabwean dollars": "ZWL",
    },
    "de": {"pfund sterling": "GBP", "schweizer franken": "CHF", "britische pfund": "GBP"},
    "es": {"libras esterlinas": "GBP", "dólares estadounidenses": "USD"},
    "fr": {"livres sterling": "GBP", "dollars américains": "USD", "francs cfa": "XOF"},
    "pt": {"libras esterlinas": "GBP", "dólares americanos": "USD"},
    "it": {"franchi svizzeri": "CHF", "dollari americani": "USD"},
    "ru": {"долларов сша": "USD", "фунтов стерлингов": "GBP"},
}
SIGNS = {
    "€": "EUR", "£": "£", "¥": "¥", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₦": "NGN",
    "₡": "CRC", "₱": "PHP", "₪": "ILS", "฿": "THB", "₫": "VND", "₴": "UAH", "₸": "KZT", "₵": "GHS",
    "$": "$", "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "HK$": "HKD", "S$": "SGD", "NZ$": "NZD", "NT$": "TWD", "N$": "NAD", "R$": "BRL",
    "MX$": "MXN", "CN¥": "CNY", "$US": "USD", "$CA": "CAD", "$AU": "AUD", "$NZ": "NZD",
    "$HK": "HKD", "£GB": "GBP", "£E": "EGP", "COP$": "COP", "Rs": "rupee", "Tk": "BDT", "Dh": "AED",
    "Dhs": "AED", "Sh": "shilling", "Ksh": "KES", "R": "ZAR", "KD": "KWD", "QR": "QAR",
    "JD": "JOD", "BD": "BHD", "LE": "EGP", "RM": "MYR", "N": "NGN", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
# Signs that are words or names too: how long a number they need, if no "million" follows.
WORDLIKE = {
    **dict.fromkeys(
        "COP CUP GEL SOS BAM MAD LAK RON SAR CAD ERN BOB SDG LE BD RM JD Sh".split(), 3
    ),
    "N": 5,
}
NEVER = frozenset(("ALL", "TOP", "TRY", "PEN", "MOP"))

# What a name or a sign means in a country, by its domain.
_AT_HOME = {
    "dollar": "au=AUD ca=CAD nz=NZD sg=SGD hk=HKD tw=TWD jm=JMD tt=TTD bb=BBD bs=BSD bz=BZD fj=FJD "
    "na=NAD gy=GYD lr=LRD us=USD",
    "peso": "mx=MXN ar=ARS cl=CLP uy=UYU ph=PHP do=DOP cu=CUP",
    "pound": "eg=EGP lb=LBP sy=SYP sd=SDG ss=SSP uk=GBP ie=GBP",
    "rupee": "in=INR pk=PKR lk=LKR np=NPR mu=MUR sc=SCR",
    "franc": "ch=CHF li=CHF sn=XOF ci=XOF bf=XOF ml=XOF bj=XOF tg=XOF ne=XOF cm=XAF ga=XAF td=XAF "
    "cg=XAF gn=GNF cd=CDF rw=RWF bi=BIF dj=DJF",
    "krone": "no=NOK dk=DKK se=SEK is=ISK cz=CZK",
    "dirham": "ae=AED ma=MAD",
    "riyal": "sa=SAR qa=QAR om=OMR ye=YER ir=IRR",
    "dinar": "kw=KWD bh=BHD jo=JOD iq=IQD tn=TND dz=DZD ly=LYD rs=RSD",
    "shilling": "ke=KES ug=UGX tz=TZS so=SOS",
    "lira": "tr=TRY",
    "colon": "cr=CRC sv=SVC",
    "kwacha": "zm=ZMW mw=MWK",
    "escudo": "cv=CVE",
    "yen": "cn=CNY jp=JPY",
    "cent": "ie=EUR de=EUR fr=EUR it=EUR es=EUR nl=EUR at=EUR au=AUD ca=CAD nz=NZD us=USD za=ZAR",
}
AT_HOME = {
    family: dict(pair.split("=") for pair in pairs.split()) for family, pairs in _AT_HOME.items()
}
FAMILIES = {
    "dollar": "dollar dollars dólar dólares dollari доллар доллара долларов",
    "peso": "peso pesos",
    "pound": "pound pounds pfund pond",
    "rupee": "rupee rupees rupien rupias roupies",
    "franc": "franc francs francos franchi frank",
    "krone": "krone kroner krona kronen couronnes",
    "dirham": "dirham dirhams",
    "riyal": "riyal riyals rial rials",
    "dinar": "dinar dinars",
    "shilling": "shilling shillings",
    "lira": "lira",
    "colon": "colones",
    "kwacha": "kwacha",
    "escudo": "escudos",
    "cent": "cent cents centavos centimes",
}
FAMILY_OF = {word: family for family, words in FAMILIES.items() for word in words.split()}

NUMBER_WORDS = {
    "en": """a an half one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
    seventy eighty ninety several few tens dozens hundreds thousands millions billions trillions""",
    "de": """eine einer einem ein halbe zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
    zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig mehrere anderthalb""",
    "es": """un una medio dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte
    treinta cuarenta cincuenta sesenta setenta ochenta noventa cien doscientos trescientos
    cuatrocientos quinientos varios""",
    "fr": """un une demi deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt
    trente quarante cinquante soixante cent cents mille plusieurs""",
    "it": """un uno mezzo due tre quattro cinque sei sette otto nove dieci venti trenta quaranta
    cinquanta cento""",
    "pt": """um uma meio dois duas três quatro cinco seis sete oito nove dez vinte trinta quarenta
    cinquenta cem""",
    "nl": "een half twee drie vier vijf zes zeven acht negen tien twintig dertig veertig vijftig",
    "ru": "полмиллиона полмиллиарда",
}
HALF_OF = {"полмиллиона": 6, "полмиллиарда": 9}  # half of a power of ten, in one word
HALVES = frozenset("half halbe medio demi mezzo meio".split())
ONES = frozenset("a an eine einer einem ein un una une uno um uma een".split())
VAGUE = frozenset(
    "several few tens dozens hundreds thousands millions billions trillions mehrere varios "
    "plusieurs".split()
)
LINKS = frozenset("and of y e und et de von di и".split())  # inside a number in words

# Words right before a sum; the first group that fits decides.
BOUNDS: dict[Bound, str] = {
    "at_least": "at least|more than|over|above|exceed(?:s|ed|ing)?|upwards of|no less than"
    "|not less than"
    "|mindestens|mehr als|über|al menos|más de|au moins|plus de|almeno|oltre|più di|pelo menos"
    "|mais de|minstens|meer dan|не менее|более|больше|свыше",
    "at_most": "at most|up to|less than|fewer than|under|below|no more than|not more than"
    "|a maximum of|höchstens|bis zu|weniger als|como máximo|hasta|menos de|au plus|moins de"
    "|jusqu'à|al massimo"
    "|fino a|meno di|até|hoogstens|minder dan|tot|не более|до|менее|меньше",
    "about": "about|around|nearly|almost|some|approximately|roughly|an estimated|estimated|close to"
    "|etwa|rund|fast|knapp|ungefähr|circa|ca\\.|unos|unas|casi|cerca de|alrededor de|environ"
    "|près de|quelque|circa|quasi|ongeveer|bijna|около|примерно|почти|порядка",
}

# Which of two days a word means: the next one or the last one.
NEXT = """next|coming|upcoming|forthcoming|nächsten?|nächster|kommenden?|kommender|próxim[oa]
|prochaine?|prossim[oa]|volgende|komende|следующ\\w+|будущ\\w+|ближайш\\w+""".replace("\n", "")
LAST = """last|past|previous|letzten?|letzter|vergangenen?|vergangener|pasad[oa]|dernière?|dernier
|scors[oa]|passad[oa]|vorige|afgelopen|прошл\\w+|минувш\\w+""".replace("\n", "")
AHEAD = """will|shall|(?:would|could|might|must)(?! not| have)|(?:is|are|going) to
|(?:is|are|was|were|be|been) due|due(?! to)|due to (?:be|begin|start|open|meet|appear|return)
|to be held|scheduled|planned|plans|plan(?:ning)? to|intends?|(?<!than )expected|slated
|set (?:to|for)|until|till|upcoming|starting|deadline|expires?
|wird|werden|soll|sollen|will|wollen|geplant|bis|hasta|va[ns]? a|previst[oa]|prévue?|prévoi\\w+|sera
|aura|fera|devra|pourra|tiendra|débutera|commencera|(?:va|vont)(?= \\w+(?:er|ir|re)\\b)|jusqu\\w*
|serão|zal|zullen|будет|будут|состоится|запланирован\\w*|пройд[её]т
|(?-i:[a-zà-ÿ]{2,}(?<!f)r(?:án?|à|anno|ont))""".replace("\n", "")
BACK = """said|says|told|announced|reported|was|were|had|ha(?:s|ve) been|died|killed|added|since
|sagte|sagten|teilte|hat|haben|hatten?|war|waren|wurde|wurden|dijo|fue|fueron|murió|desde|a dit
|était|ont|(?-i:a [a-zà-ÿ]{3,}é)|a été|depuis|ha detto|era|disse|foi|zei|was|werd|сообщил\\w*
|заявил\\w*|был\\w*|сказал\\w*""".replace("\n", "")
# "From Wednesday": mostly the one to come, but for what is dated by the day, or compared with it.
FROM = r"from|ab|vanaf|à partir d[eu]|dès|a partir del?|a partire da"
DATED = """photos?|photographs?|pictures?|images?|videos?|footage|clips?|recordings?|scenes|data
|figures?|results?|reports?|statements?|letters?|transcripts?|messages?|remarks|comments|evidence
|forward|back|up|down|higher|lower|rose|fell""".replace("\n", "")
# None in particular. Spanish names of weekdays but for two are their own plural.
EVERY = """(?:every|each)(?: other| second)?|jede[nmrs]?(?: zweiten?)?|cada|tod[oa]s l[oa]s|los
|chaque|tous les|ogni|tod[oa]s [oa]s|aos|às|elke|iedere|кажд\\w+""".replace("\n", "")
PARTS_OF_DAYS = "mornings|afternoons|evenings|nights"


RUSSIAN = {
    word: value
    for values, names in (
        (
            range(1, 20),
            """один два три четыре пять шесть семь восемь девять десять одиннадцать
        двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать
        девятнадцать""",
        ),
        (
            range(20, 100, 10),
            """двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят
        девяносто""",
        ),
        (
            range(100, 1000, 100),
            """сто двести триста четыреста пятьсот шестьсот семьсот восемьсот
        девятьсот""",
        ),
    )
    for value, word in zip(values, names.split(), strict=True)
}
# 1 to 21, as centuries are numbered.
ROMAN = ("", *"I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI".split())
