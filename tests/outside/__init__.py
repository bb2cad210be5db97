"""Tests that drive programs which neither owui-sync nor its development needs; each has a target of the Makefile."""
