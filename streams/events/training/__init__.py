"""How the table and the curves of the event model are made; the product does not need it."""
