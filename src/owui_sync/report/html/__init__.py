"""A report as one page: no network, usable without scripts, safe against whatever a prompt contains."""
