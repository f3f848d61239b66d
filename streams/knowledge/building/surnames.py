"""What a person is called after the first mention, from the full name."""

import re

# Short words that belong to the word after them: "von der Leyen", "de la Cruz".
PARTICLES = frozenset(
    "von van der den de del della di da do dos das du la le les los lo ten ter zu zum zur af av "
    "bin ibn ben abu al el фон ван дер де ди да дю ла ле аль бен ибн".split()
)
AFTER = re.compile(r"(?:jr|sr|phd|md|mbe|obe|cbe|мл|ст)\.?", re.IGNORECASE)
REIGN = re.compile(r"[IVX]+\.?")  # "Juan Carlos I" is no Mr Carlos
EPITHET = frozenset({"the", "of"})  # nor is "Ivan the Terrible" a Mr Terrible
BRACKETS = re.compile(r"\s*\([^)]*\)")
# China, Taiwan, the Koreas: the family is named first.
FAMILY_FIRST = frozenset({"Q148", "Q865", "Q423", "Q884"})
FAMILIES = frozenset(
    "kim lee yi park pak choi choe jung jeong chung kang cho jo yoon yun jang chang lim im han oh "
    "seo shin kwon hwang ahn an song ryu yoo hong jeon ko moon son bae baek noh roh ri chu "
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng "
    "liang xie tang feng deng cao peng zeng xiao tian dong pan cai jiang yu du ye cheng wei su lu "
    "ding ren shen yao tsai lai hsieh hsu xi wen bo qin ким ли пак чхве чон си ван чжан лю чэнь "
    "ян хуан чжао чжоу сюй сунь линь цай".split()
)
LONGEST_EASTERN = 3  # words


def surnames(name: str, country: str | None = None) -> tuple[str, ...]:
    """Surnames of a full name, the fullest first; none for one who has a single name.

    Args:
        country: QID of the citizenship, which tells whether the family comes first.
    """
    words = BRACKETS.sub("", name).partition(",")[0].split()
    if (words and REIGN.fullmatch(words[-1])) or not EPITHET.isdisjoint(words):
        return ()
    if len(words) > 1 and AFTER.fullmatch(words[-1]):
        words.pop()
    if len(words) < 2:
        return ()
    eastern = len(words) <= LONGEST_EASTERN and words[0].casefold() in FAMILIES
    if country in FAMILY_FIRST and eastern:
        return (words[0],)
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in PARTICLES:
        first -= 1
    full, bare = " ".join(words[first:]), words[-1]
    found = (full, bare) if full != bare else (bare,)
    return tuple(way for way in found if _can_be_one(way))


def straight(name: str) -> tuple[str, ...]:
    """Turn "Family, Given Patronymic" round, as Russian labels are often written.

    The second way leaves the patronymic out.
    """
    family, comma, given = name.partition(", ")
    words = given.split()
    if not comma or "," in given or not words or not all(word[0].isupper() for word in words):
        return ()
    return tuple(dict.fromkeys((f"{given} {family}", f"{words[0]} {family}")))


def _can_be_one(way: str) -> bool:
    letters = [letter for letter in way if letter.isalpha()]
    return len(letters) > 1 and any(map(str.isupper, way))
