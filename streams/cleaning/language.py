"""Language: the stated one, else a guess from the first characters."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# The languages of most of the world's news; a short text is guessed better among few.
_KNOWN = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt ro ru "
    "sk sl sr sv sw ta th tr uk ur vi zh"
).split()
_THREE = dict(
    pair.split("=")
    for pair in (
        "ara=ar bul=bg ben=bn cat=ca ces=cs cze=cs dan=da deu=de ger=de ell=el gre=el eng=en "
        "spa=es est=et fas=fa per=fa fin=fi fra=fr fre=fr heb=he hin=hi hrv=hr hun=hu ind=id "
        "ita=it jpn=ja kor=ko lit=lt lav=lv msa=ms may=ms nld=nl dut=nl nor=no nob=no nno=no "
        "nb=no nn=no pol=pl por=pt ron=ro rum=ro rus=ru slk=sk slo=sk slv=sl srp=sr swe=sv "
        "swa=sw tam=ta tha=th tur=tr ukr=uk urd=ur vie=vi zho=zh chi=zh iw=he in=id"
    ).split()
)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_LETTER = re.compile(r"[^\W\d_]")
SAMPLE = 400  # characters; 600 add nothing but time
MIN_LETTERS = 20
MIN_PROBABILITY = 0.6


def stated_language(tag: str | None) -> str | None:
    """ISO 639-1 of a language tag: ``en-US`` -> ``en``, ``deu`` -> ``de``; None if unreadable."""
    match = _TAG.fullmatch((tag or "").strip())
    if not match or (code := match.group(1).lower()) in {"und", "mul", "zxx"}:
        return None
    return _THREE.get(code, code if len(code) == 2 else None)


def guess_language(text: str) -> str:
    """ISO 639-1 of the text's beginning, ``und`` where it is too short or unclear."""
    sample = text[:SAMPLE]
    if len(_LETTER.findall(sample)) < MIN_LETTERS and sample.isascii():
        return "und"
    code, probability = _identifier().classify(sample)
    return str(code) if round(float(probability), 6) >= MIN_PROBABILITY else "und"


def warm() -> None:
    """Load the model now (0.7 s) and not with the first article."""
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_KNOWN)
    return identifier
