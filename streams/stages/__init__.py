"""Pure steps: no Faust, no clock, no environment, no log."""
