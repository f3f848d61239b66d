"""The dictionary that digests are compressed with: keys of their JSON and the commonest words.

    python -m streams.events.store.preset FILE

Rows can be read with the dictionary only that they were written with, so that another one makes a
new version of detection's store.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from streams.events.background import background

WORDS = 1000
_SHORTEST = 4  # letters; what repeats at a shorter length is not worth a reference
# As they stand in a digest, the most frequent at the end.
_KEYS = (
    '{"at":0,"slot":"injured","value":2.0,"bound":"at least","unit":"%","former":1.0,"places":["'
    '],"group":"soldiers","span":true,"aftershock":true,"correcting":true,"measures":[0],"means":[0]'
    ',"kinds":[0],"named":["","claim":"","claimants":[],"denied_by":[],"stems":0,"at":[0,1]}'
    '"open":true,"head":"","words":["","names":[""]},{"at":1,"slot":"dead","value":1'
    '"local:place:local:event:local:org:local:person:","PERSON"],[0,"","ORG"],[1,"","GPE"],[2,"'
    '[["title","body"],[[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1],[0,0,1,1,1,1,1,1,1,1,1,1],'
    "[0,0,0,0,0,0,0,0,0,0],[0,0,0,0,0,0,0,0,0],[0,0,0,0,2,0,0]]],[[[0,0]],[],[],[[0,1]],[]],{}]"
    '{"publisher":"","published":1924992000,"language":"en","figures":[],"named":[]},[80,24,8,16],'
    '{"title":{"text":"","source":{"item_id":"","field":"title","start":0,"end":40}},"member":'
    '{"item_id":"","version":1,"decision":1,"source":"","publisher":"","bias_rating":null,'
    '"ai_generated":null,"published_at":"2030-01-01T00:00:00Z","published_precision":null,'
    '"joined_at":"2030-01-01T00:00:00Z"},"days":[]}]'
)


def preset(counts: Mapping[str, int]) -> bytes:
    """The dictionary from a table of words and how often they are used."""
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    common = [word for word in ranked if len(word) >= _SHORTEST][:WORDS]
    return f"{' '.join(reversed(common))}{_KEYS}".encode()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(preset(background().counts))
