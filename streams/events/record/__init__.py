"""The record of an event: gathered from what its members told, and the fold of its changes."""
