"""Standing laws: what a fault at any request may not do."""
