"""Tags such as `!file`, `!secret` and `!var`, and what they stand for."""
