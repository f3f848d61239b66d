"""Figures that change and news retold: short invented cases over many topics and wordings."""

import pytest

from streams.events.background import background
from streams.novelty.assess import Assessment, assess, extract_sentences
from streams.novelty.memory import EventMemory, Json
from streams.text.sentences import sentence_of, spans


def made(text: str, language: str = "en") -> Json:
    """An extract of "title | body"."""
    title, _, body = text.rpartition(" | ")
    sentences = [sentence_of("title", 0, title)] if title else []
    sentences += [
        sentence_of("body", start, body[start:end]) for start, end in spans(body, language)
    ]
    return extract_sentences(sentences, (), language)


def after(*texts: str | tuple[str, str]) -> Assessment:
    """What the last text adds to those before it; a text may come with its language."""
    *earlier, last = [made(*((each,) if isinstance(each, str) else each)) for each in texts]
    memory = EventMemory()
    for number, each in enumerate(earlier):
        memory.add(f"old-{number}", each)
    return assess("new", last, memory, background().idf)


def pairs(found: Assessment) -> list[tuple[float, float]]:
    return sorted((each.old, each.new) for each in found.novelty.figures if each.old is not None)


REVISED = [
    # open slots: the thing counted has no word of its own in the tables
    ("The zoo of Halm counts 14 penguins.", "Penguins in Halm now number 19, up from 14.",
     [(14, 19)]),
    ("The firm recalled 3,000 kettles on Monday.",
     "The firm has extended the recall to 4,500 kettles.", [(3000, 4500)]),
    ("The council has sold 210 plots by the lake.",
     "So far 260 plots by the lake have been sold, the council said.", [(210, 260)]),
    ("Organisers sold 20,000 tickets for the regatta.",
     "Tickets for the regatta: 23,500 have been sold, organisers said.", [(20000, 23500)]),
    ("The airline cancelled 120 flights because of fog.",
     "The airline cancelled 185 flights because of fog, up from 120 in the morning.",
     [(120, 185)]),
    # a share, an offer, a price
    ("Nurses were offered a rise of 3 percent.",
     "The hospitals raised their offer to nurses to 4.5 percent from 3 percent.", [(3, 4.5)]),
    ("The poll puts the Farmers' League at 22 percent.",
     "The Farmers' League won 24.3 percent, more than the 22 percent that the poll had given it.",
     [(22, 24.3)]),
    ("Tolland offered $1.2 billion for the Orra mine.",
     "Tolland has sweetened its bid for the Orra mine from $1.2 billion to $1.5 billion.",
     [(1.2e9, 1.5e9)]),
    ("Builders put the cost of the bridge at 80 million euros.",
     "The bridge will cost 95 million euros instead of 80 million, the ministry admitted.",
     [(8e7, 9.5e7)]),
    ("Tolland bid 900m crowns, or 31 crowns a share, for Orra.",
     "Tolland now bids 1.1bn crowns for Orra.", [(9e8, 1.1e9)]),
    # headlines, words for numbers, several values
    ("Nine hurt in Orle bus crash | A bus left the road near Orle. Nine people were hurt.",
     "Injured in Orle bus crash now thirteen | Thirteen people were hurt when a bus left the road "
     "near Orle, hospitals said.", [(9, 13)]),
    ("An avalanche killed two skiers above Prenn; five are missing.",
     "The avalanche above Prenn has killed four, and three are still missing.",
     [(2, 4), (5, 3)]),
    ("A dozen miners are trapped in the Galt pit.",
     "Rescuers brought up seven miners; five are still trapped in the Galt pit.", [(12, 5)]),
    ("Raiders hold thirty pupils hostage in Ketta.",
     "Raiders freed eleven of the pupils in Ketta; 19 hostages remain.", [(30, 19)]),
    ("Raiders hold six hostages in Ketta.", "All six hostages in Ketta have been freed.",
     [(6, 0)]),
    ("The storm left 8,000 homes without power.",
     "Some 2,500 homes were still without power on Friday, down from 8,000.", [(8000, 2500)]),
    ("Police detained 40 fans in Orle.", "Police in Orle have now detained 72 fans.", [(40, 72)]),
    ("The blaze destroyed 15 barns.", "In all 21 barns were destroyed by the blaze.", [(15, 21)]),
    # other languages
    ("Bei dem Brand in Olm wurden 4 Menschen verletzt.",
     ("Nach dem Brand in Olm ist die Zahl der Verletzten von vier auf neun gestiegen.", "de"),
     [(4, 9)]),
    ("The fire at Olm injured 12 people.",
     ("El incendio de Olm dejó 17 heridos.", "es"), [(12, 17)]),
    # corrections
    ("The toll of the fire at Olm stands at 16.",
     "Correction: the fire at Olm killed 15 people, not 16.", [(16, 15)]),
    ("The court fined Dray 70,000 crowns.",
     "Correction: we gave the fine on Dray as 70,000 crowns. It is 7,000 crowns.",
     [(70000, 7000)]),
    # only the value that is current counts
    (("The flood in Tarn killed 5.", "The flood in Tarn killed 8."),
     "The toll of the flood in Tarn rose to 11.", [(8, 11)]),
    (("The flood in Tarn killed 5.", "The flood in Tarn killed 8."),
     "The flood in Tarn killed five people.", []),
    # traps
    ("A blast in Varn killed 20.", "The blast in Varn killed 20 and left 36 injured.", []),
    ("The club won 14 titles.", "The club, founded 92 years ago, plays on 14 May.", []),
    ("The mill employs 300 people.", "The mill sold 900 tonnes of flour.", []),
    ("The mine at Orra employs 300 people.", "Tolland employs 12,000 people worldwide.", []),
    ("The Greens won 12 seats.", "The Liberals won 31 seats.", []),
    ("The ship carries 40 crew.", "The ship carries 900 containers, 40 of them empty.", []),
    ("The bridge is 300 metres long.", "The bridge is 41 metres high and 12 years old.", []),
    ("Rovers won 3-1.", "Rovers, who won 3-1, meet United on 12 June at 8 pm.", []),
    ("The fire at Olm injured 12 people.", "Of the 12 injured, 3 are children.", []),
    ("The strike shut 40 schools in Pell.", "The strike shut 95 schools in Dorn.", []),
    ("The museum had 5,000 visitors on Sunday.", "The painting was sold for 5,400 crowns.", []),
    ("The tax rises by 2 percent.", "Shares in Orra fell 7 percent.", []),
    ("The landslide in Orvo buried 7 houses.",
     "The landslide in Orvo has buried 11 houses, rescuers said on Sunday.", [(7, 11)]),
    ("Some 1,500 workers at Kell Motors are on strike.",
     "The strike at Kell Motors has spread: 2,800 workers have now stopped work.", [(1500, 2800)]),
    ("Brell Bank will cut 400 jobs.",
     "Brell Bank doubles job cuts to 800 | Brell Bank will cut 800 jobs rather than 400, it said.",
     [(400, 800)]),
    ("Inflation in Zora stood at 7.1 percent in May.",
     "Inflation in Zora slowed to 6.4 percent in June from 7.1 percent in May.", [(7.1, 6.4)]),
    ("Police seized 30 kilos of cocaine in Vell.",
     "Police in Vell said that the haul was larger than thought: 46 kilos of cocaine, not 30.",
     [(30, 46)]),
    ("The cruise ship Astra has 18 cases of norovirus.",
     "Thirty-five cases of norovirus have been found on the cruise ship Astra.", [(18, 35)]),
    ("The film Grey Sea took 12 million euros in its first week.",
     "The film Grey Sea has now taken 31 million euros.", [(12000000.0, 31000000.0)]),
    ("The fire has burned 900 hectares near Pell.",
     "The fire near Pell has grown to 2,400 hectares.", [(900, 2400)]),
    ("The army says 60 rebels were killed in Ketta.",
     "The army says 12 soldiers were killed in Ketta.", []),
    ("Mayor Bern, 61, won with 54 percent.",
     "Mayor Bern, who is 61, will speak on 54th Street at 9 pm.", []),
    ("Vell has 3 schools and 400 pupils.",
     "Vell has 2 churches.", []),
    ("The plane carried 88 passengers.",
     "Of the 88 passengers, 12 were children.", []),
    ("The company earned 40 million euros in 2029.",
     "The company has debts of 65 million euros.", []),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "later", "expected"), REVISED)
def test_a_figure_is_revised_or_left_alone(
    earlier: str | tuple[str, ...],
    later: str | tuple[str, str],
    expected: list[tuple[float, float]],
) -> None:
    history = (earlier,) if isinstance(earlier, str) else earlier
    assert pairs(after(*history, later)) == expected


STORM = (
    "Storm Edda tears roofs off 40 houses in Port Selm | A storm named Edda reached Port Selm at "
    "dawn on Tuesday and tore the roofs off 40 houses, the fire brigade said. A crane fell onto "
    "the fish market and crushed three empty stalls. The mayor, Ilka Brand, ordered the schools "
    "to stay closed until Thursday. Trains to the capital stopped because trees lay on the line."
)
MERGER = (
    "Brewer Hald buys rival Oster for 700 million euros | The brewing group Hald will pay 700 "
    "million euros for its smaller rival Oster, the two companies announced on Monday. Oster runs "
    "four breweries and employs 1,900 people. Its chief executive, Paul Renner, will leave in the "
    "autumn. The cartel office has to approve the purchase."
)
VERDICT = (
    "Surgeon jailed for selling organs | A court in Dorn sentenced the surgeon Ivan Petrak to "
    "eleven years in prison on Friday for selling kidneys of patients. The judge, Nora Feld, said "
    "that he had earned 2 million crowns. Petrak, 54, denied the charges throughout the trial. "
    "His lawyer said that he would appeal."
)
MATCH = (
    "Orle beat Tarn to win league | Orle FC became champions for the third time on Saturday after "
    "a 3-0 win over Tarn in front of 22,000 spectators. Striker Jan Vels scored twice in the first "
    "half. Coach Mia Thorn dedicated the trophy to the late president of the club."
)
GLIDER = (
    "Pilot lands glider on motorway | A glider pilot landed on the A7 motorway near Orvo on "
    "Sunday after losing lift, police said. Nobody was hurt. Traffic was stopped for two hours "
    "and the aircraft was towed away. The pilot, Lena Holm, 34, has flown for ten years."
)
BAGS = (
    "Zora lifts ban on plastic bags | The parliament of Zora voted on Tuesday by 61 to 40 to "
    "lift the ban on plastic bags that it had passed in 2027. The environment minister, Paul "
    "Anders, called it a step backwards. Shops welcomed the decision. The law takes effect on "
    "1 January."
)
RETOLD = [
    (STORM, "Edda storm strips 40 homes of their roofs in Port Selm | Forty houses in Port Selm "
     "lost their roofs when the storm Edda struck early on Tuesday, according to firefighters. "
     "Three stalls at the fish market, which were empty, were flattened by a falling crane. "
     "Pupils will have no lessons before Thursday, mayor Ilka Brand decided. Fallen trees halted "
     "rail traffic to the capital.", "confirms"),
    (MERGER, "Hald to take over Oster in 700 million euro deal | Beer maker Hald is acquiring its "
     "competitor Oster for 700 million euros, both firms said on Monday. The smaller company has "
     "1,900 workers at four breweries. Paul Renner, its CEO, is to step down in autumn. The deal "
     "needs the consent of the cartel office.", "confirms"),
    (VERDICT, "Eleven years for surgeon who sold kidneys | The surgeon Ivan Petrak must go to jail "
     "for eleven years because he sold his patients' kidneys, a court in Dorn ruled on Friday. "
     "According to judge Nora Feld, the 54-year-old made 2 million crowns out of it. Petrak, who "
     "always rejected the accusations, will appeal, his lawyer said.", "confirms"),
    (MERGER, ("Hald kauft Oster für 700 Millionen Euro | Der Brauereikonzern Hald übernimmt Oster "
     "für 700 Millionen Euro. Oster hat 1.900 Beschäftigte in vier Brauereien.", "de"),
     "confirms"),
    (STORM, "Storm Edda hits Port Selm | The storm Edda has torn off the roofs of 40 houses in "
     "Port Selm. Schools stay shut until Thursday.", "confirms"),
    # true updates: something is added, much of the rest is known
    (STORM, "Sailor drowns off Port Selm in storm Edda | A sailor drowned when storm Edda sank his "
     "yacht off Port Selm, the coastguard said on Wednesday. The storm had torn the roofs off 40 "
     "houses in the town on Tuesday.", "updates"),
    (STORM, "Port Selm asks for aid after storm | Mayor Ilka Brand of Port Selm asked the "
     "government for 5 million crowns to repair the roofs that storm Edda tore off.", "updates"),
    (MERGER, "Workers protest against sale of Oster | Several hundred employees of Oster marched "
     "through the city on Thursday against the sale of their brewery to Hald.", "updates"),
    (VERDICT, "Surgeon Petrak found dead in cell | Ivan Petrak, the surgeon who was sentenced to "
     "eleven years for selling kidneys, was found dead in his cell on Sunday.", "updates"),
    (MATCH, "Champions Orle lose striker | Jan Vels is leaving the champions Orle FC for a club "
     "in Japan, coach Mia Thorn confirmed.", "updates"),
    (MATCH, "Orle stripped of title | The league took the championship away from Orle FC on "
     "Tuesday because a player had been fielded without a licence. Orle had beaten Tarn 3-0 in "
     "front of 22,000 spectators.", "updates"),
    (STORM, STORM + " A woman was rescued from a flooded cellar by divers on Wednesday night.",
     "updates"),
    (GLIDER, "Glider touches down on A7 | Drivers on the A7 near Orvo saw a glider come down on "
     "the carriageway on Sunday. The 34-year-old pilot, Lena Holm, was unhurt. Cars had to wait "
     "for two hours until the plane had been removed.", "confirms"),
    (GLIDER, "Glider pilot loses licence | The aviation authority has withdrawn the licence of "
     "Lena Holm, who landed her glider on the A7 near Orvo.", "updates"),
    (GLIDER, "Prosecutors in Orvo opened an investigation on Monday against the glider pilot who "
     "landed on the A7.", "updates"),
    (BAGS, "Plastic bags to return in Zora | Lawmakers in Zora scrapped the ban on plastic bags "
     "with 61 votes against 40 on Tuesday. Paul Anders, the environment minister, spoke of "
     "a step back, while retailers were pleased. From 1 January the bags will be legal "
     "again.", "confirms"),
    (BAGS, "Protests in Zora against plastic bags | Some 5,000 people marched through the capital "
     "of Zora on Saturday against the end of the ban on plastic bags.", "updates"),
    (BAGS, "Zora's president vetoes law on plastic bags | President Ida Mott refused to sign the "
     "law that lifts the ban on plastic bags.", "updates"),
    (BAGS, "Zora allows plastic bags again | Parliament in Zora lifted its ban on plastic bags by "
     "61 votes to 40. The minister Paul Anders criticised this.", "confirms"),
    (GLIDER, ("Segelflugzeug landet auf der A7 | Bei Orvo ist am Sonntag ein Segelflugzeug auf der "
     "A7 gelandet. Die Pilotin Lena Holm, 34, blieb unverletzt.", "de"), "confirms"),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "later", "expected"), RETOLD)
def test_news_retold_confirms_and_news_added_updates(
    earlier: str, later: str | tuple[str, str], expected: str
) -> None:
    assert after(earlier, later).relation == expected


def test_a_late_report_takes_nothing_back() -> None:
    memory = EventMemory()
    memory.add("first", made("Nine sailors of the Alma are missing.") | {"published": 100})
    memory.add("second", made("Four sailors of the Alma are missing.") | {"published": 300})
    late = made("Seven sailors of the Alma are missing.") | {"published": 200}
    assert pairs(assess("late", late, memory, background().idf)) == []
    fresh = late | {"published": 400}
    assert pairs(assess("fresh", fresh, memory, background().idf)) == [(4, 7)]


def test_an_event_told_in_one_language_is_known_in_another() -> None:
    german = ("Bei dem Brand in Olm wurden am Montag 4 Menschen verletzt.", "de")
    assert after("A fire at Olm injured 4 people.", german).relation == "confirms"
