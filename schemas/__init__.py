"""What travels: one frozen pydantic model per fact, one table of topics. Imports only itself."""
