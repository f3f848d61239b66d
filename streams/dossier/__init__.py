"""One event as an editor reads it: gathered once, shown as text, JSON or a page."""
