"""A made-up world, as items of a dump of Wikidata."""


def claim(value, rank="normal", qualifiers=None):
    made = {"mainsnak": {"datavalue": {"value": value}}, "rank": rank}
    return made | ({"qualifiers": qualifiers} if qualifiers else {})


def item(qid, label, *, links=20, aliases=None, claims=None, **more):
    """An item as it stands in a dump. A label is one text for English, or a dict by language."""
    labels = label if isinstance(label, dict) else {"en": label}
    return {
        "type": "item",
        "id": qid,
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()},
        "aliases": {
            code: [{"language": code, "value": text} for text in texts]
            for code, texts in (aliases or {}).items()
        }
        or [],  # as the dumps write an empty object
        "claims": {
            prop: [
                v if isinstance(v, dict) and "mainsnak" in v else claim(_value(v)) for v in values
            ]
            for prop, values in (claims or {}).items()
        }
        or [],
        "sitelinks": {f"w{n}wiki": {} for n in range(links)},
        **more,
    }


def _value(value):
    is_id = isinstance(value, str) and value[0] == "Q" and value[1:].isdigit()
    return {"id": value} if is_id else value


WORLD = [
    item(
        "Q1001",
        {"en": "Norvia", "de": "Norwien", "fr": "Norvia", "ru": "Норвия"},
        links=300,
        aliases={"en": ["Republic of Norvia"]},
        claims={
            "P31": ["Q6256"],
            "P17": ["Q1001"],
            "P297": ["NV"],
            "P36": ["Q1002"],
            "P1549": [
                {
                    "mainsnak": {"datavalue": {"value": {"text": "Norvian", "language": "en"}}},
                    "rank": "normal",
                },
                {
                    "mainsnak": {"datavalue": {"value": {"text": "norvisk", "language": "nb"}}},
                    "rank": "normal",
                },
            ],
        },
    ),
    item("Q1002", "Torvel", links=80, claims={"P31": ["Q515"], "P17": ["Q1001"]}),
    item(
        "Q1003",
        {"en": "Ilse von der Marn", "ru": "Марн, Ильзе Петровна"},
        claims={"P31": ["Q5"], "P27": ["Q1001"]},
    ),
    item("Q1004", {"mul": "Juan Carlos II"}, claims={"P31": ["Q5"]}),
    item(
        "Q1005",
        "The Lantern Daily",
        claims={
            "P31": ["Q1110794"],
            "P17": ["Q1001"],
            "P856": ["https://www.lantern.example/en", "http://[bad"],
        },
    ),
    item("Q1006", "Hidden Hamlet", links=9, claims={"P31": ["Q532"], "P1376": ["Q1001"]}),
    item("Q1007", "Torvel (disambiguation)", claims={"P31": ["Q4167410"]}),
    item("Q1008", "Whatsit"),
    {"type": "property", "id": "P31"},
    item("Q1009", "Old Torvel", redirects={"from": "Q1009", "to": "Q1002"}, links=0),
]
