"""How the network of the tagger is made; nothing here runs in a worker."""
