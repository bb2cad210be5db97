"""Two servers: what differs between them, and how one becomes a copy of the other."""
