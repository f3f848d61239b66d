"""What is no story of one event, and must not glue events together."""
