"""Sentences of pages that stand in for a text: pay-walls, consent to cookies, blocked readers.

A sentence counts if it speaks to the reader, or of "us", about a subscription, cookies, a browser;
or if it is a phrase that stands nowhere else. Languages are not told apart: such a page is often in
another one than its title.
"""

import re
from typing import Literal, NamedTuple

from streams.text.phrases import finder


def _lines(text: str) -> re.Pattern[str]:
    """One pattern of alternatives, a line each, from a word's beginning."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return re.compile(rf"\b(?:{'|'.join(lines)})", re.IGNORECASE)


_READER = _lines(r"""
    (?:you|yours?|we|our)\b|please|click|tap\b|here\b|already a\b
    sie\b|ihr(?:e[mnrs]?)?\b|wir\b|uns\b|unser|bitte\b|du\b|dein|jetzt\b
    vous\b|votre\b|vos\b|nous\b|notre\b|nos\b|veuillez|cliquez|déjà abonn
    usted|tus?\b|te\b|nuestr|utilizamos|usamos|haz clic|por favor|ya eres
    tu[oa]\b|tuoi\b|ti\b|nostr|utilizziamo|usiamo|clicca|puoi|sei già
""")
_PAID = _lines(r"""
    subscri(?:be|bers?|bing|ptions?)\b|sign(?:ing)? (?:in|up)\b|log(?:ged|ging)? ?in\b
    regist(?:er(?:ed|ing)?|ration)\b|(?:digital|day) pass|have an account
    free (?:trial|articles?|stor(?:y|ies))\b|cancel (?:any ?time|at any)
    unlimited (?:digital )?access|full access|(?:keep|continue) reading|premium content
    (?:digital|probe|monats|jahres)-?abos?\b|alle artikel|zugang sichern|zum login|lesbar
    (?:supports?|fund) (?:\w+ )?journalism|read more|existing subscribers
    read the (?:full|rest)|newsletters?\b|become a member|membership\b|create an account
    kostenlos testen|jetzt testen|jederzeit kündigen|abos?\b|abonn|probeabo|anmelden|melden sie sich
    einloggen|registrier
    weiterlesen|weiterzulesen|premium-?artikel|probemonat|monatlich kündbar
    connectez-vous|inscri(?:vez|re)|identifiez-vous|lire la suite|mot de passe
    acceso ilimitado|sans engagement|offre d'essai|sottoscriv|effettua il login|suscri
    inicia(?:r)? sesión|reg[ií]str(?:ate|arse|ese)|(?:seguir|sigue) leyendo|boletín
    abbon|accedi\b|registrati|continua(?:re)? a leggere|iscriviti
""")
_TECHNICAL = _lines(r"""
    cookies?\b|traceurs?\b|(?:tracking|similar) technolog|personali[sz]ed ads
    java-?script|ad-? ?block|werbeblocker|bloqueur|bloqueador|browser\b|navigateur|navegador
    captcha|robots?\b|unusual (?:traffic|activity)|vpn\b|legitimate interest
    privacy (?:policy|notice|settings|preferences)|consent\b
    (?:available|accessible) in your (?:region|country)
    einwilligung|datenschutz|zustimm|consentement|confidentialité
    consentimiento|privacidad|consenso|informativa
""")
_WALL = _lines(r"""
    to (?:continue|keep) reading\b|subscribe (?:now|today|here|to (?:read|unlock|continue))
    become a (?:member|subscriber) (?:today|now)|(?:unlimited|full) (?:digital )?access to all
    already a (?:subscriber|member)|already have an account|(?:log|sign) in to (?:read|continue)
    reached your (?:\w+ )?limit|free (?:articles|stories) (?:this|per|a) month
    (?:article|story|content) (?:is )?(?:only |reserved )?(?:available )?(?:for|to) subscribers
    (?:article|story|content) (?:is )?for (?:\w+ )?subscribers|unlock this (?:article|story)
    (?:subscribers?|members)[- ]only\b|start (?:your|a) (?:free|trial)|subscribe for
    (?:jetzt )?weiterlesen (?:mit|für)|(?:alle|diesen) artikel (?:mit|lesen)
    lesen sie (?:jetzt )?weiter|nur für abonnenten|bereits (?:abonnent|registriert)
    (?:artikel|inhalt|beitrag) ist (?:nur )?(?:für|exklusiv)|exklusiv für abonnent
    réservée? (?:à nos |aux )abonnés|il vous reste \d+|la suite est réservée|déjà abonné
    (?:exclusiv|sol)[oa] para (?:nuestros )?suscriptores|ya eres suscriptor|suscríbete
    hazte suscriptor|per gli abbonati\b|(?:subscribers?|members?) exclusive
    (?:riservat[oi] agli|solo per gli) abbonati|sei già abbonato|abbonati (?:ora|subito|per|a)
    (?:articolo|leggere),? abbonati
""")
_NOTICE = _lines(r"""
    (?:accept|reject|allow) all cookies|manage (?:cookies|preferences|choices|settings)
    cookie (?:settings|preferences)|strictly necessary cookies
    (?:data|information) on your device|tracking technologies|page you (?:are|were) looking for
    checking your browser|these cookies\b|enable java-?script
    javascript is (?:disabled|required)|access (?:denied|to this page)|(?:page|404) not found
    (?:not|isn't) (?:\w+ )?available in your (?:region|country)|we use cookies
    403 forbidden|are you a robot|(?:disable|turn off) (?:your )?ad-? ?block
    permission to access this (?:page|resource|site)
    (?:verify|confirm) (?:that )?you are (?:a )?human
    (?:allowed|authori[sz]ed) to (?:view|access) this (?:page|site|content)
    alle cookies (?:akzeptieren|ablehnen|zulassen)|verwende[nt] cookies|zugriff verweigert
    javascript (?:aktivieren|ist)|seite (?:wurde )?nicht gefunden
    (?:utilise|utilisons) des cookies|(?:accepter|refuser) tous les cookies|accès refusé
    activ(?:ez|er) javascript
    (?:aceptar|rechazar) todas las cookies|utiliza(?:mos)? cookies
    (?:activa|habilita)r? javascript
    (?:accetta|rifiuta) tutti i cookie|(?:utilizza|utilizziamo) (?:i )?cookie
    (?:attiva|abilita)(?:re)? javascript
""")
# At least one of these is in every such sentence: most texts are done after this look.
CUES = (
    *"cookie subscri javascript browser navigateur navegador newsletter captcha traceur".split(),
    *"abonn abbon suscri probeabo weiterles anmelde einlogg registrier inscri boletín".split(),
    *"adblock werbeblock bloqueur bloquead einwilligung datenschutz iscriviti regístr".split(),
    *"confidentialité privacidad privacy consent identifiez connectez accedi robot".split(),
    *("sign in", "sign up", "log in", "login", "logged in", "register", "membership", " abo "),
    *("a member", "members only", "members-only", "free trial", "continue reading", "ad block"),
    *("keep reading", "read the full", "an account", "cancel any", "full access", "your region"),
    *("access denied", "forbidden", "not found", "nicht gefunden", "verweigert", "accès refusé"),
    *("unusual traffic", "lire la suite", "leyendo", "leggere", "sesión", "a human", "accept all"),
    *("to view", "to access", "read more", "journalism", "alle artikel", "zugang", "zum login"),
    *("your device", "tracking", "looking for", "subscribe", "diesen artikel"),
    *("unlimited access", "free articles", "necessary technolog", "preferences", "article is for"),
)
LONGEST = 300  # letters of such a sentence; a long quotation may say much


_has_cue = finder(CUES)


def has_cue(text: str) -> bool:
    """Whether a text may be such a page."""
    return _has_cue(text.casefold())


class Sign(NamedTuple):
    """What a sentence has of such a page."""

    kind: Literal["paywall", "notice"]
    is_sure: bool  # it stands nowhere else


def speaks_to_reader(text: str) -> bool:
    """Whether a sentence says you or we, or asks for something."""
    return len(text) <= LONGEST and bool(_READER.search(text))


def is_about_access(text: str) -> bool:
    """Whether a sentence is about subscriptions, cookies, browsers, to whomever it speaks."""
    return len(text) <= LONGEST and bool(_PAID.search(text) or _TECHNICAL.search(text))


def sign(text: str) -> Sign | None:
    """Whether a sentence asks the reader to pay or to log in (paywall), or is about cookies,
    consent or the reader's browser, or says that there is no page (notice).
    """
    if len(text) > LONGEST or not has_cue(text):
        return None
    if _WALL.search(text):
        return Sign("paywall", True)
    if _NOTICE.search(text):
        return Sign("notice", True)
    if not _READER.search(text):
        return None
    if _PAID.search(text):
        return Sign("paywall", False)
    return Sign("notice", False) if _TECHNICAL.search(text) else None
