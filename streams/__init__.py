"""The pipeline: pure stages, the agents that drive them, and the command line."""
