"""Compares what is wanted with what is there; frozen data, without requests."""
