"""DATE and MONEY: where a text names them, and which day or sum is meant."""
