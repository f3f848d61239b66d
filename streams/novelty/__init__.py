"""What an article adds to its event: sentences, figures, disputes, and the relation."""
