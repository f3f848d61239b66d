"""What detection keeps of articles and events: rows, packed, bounded, put in a safe order."""
