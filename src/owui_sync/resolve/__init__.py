"""Finds what names mean, and what must be read for it."""
