"""How records travel: one module per kind of broker, found by Faust by the URL's scheme."""
