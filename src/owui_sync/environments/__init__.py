"""Manifests on throwaway servers: a reproducible environment, the gate of a pull request, the rehearsal of an upgrade.

Everything here runs on a sandbox. What comes of it is frozen data, which `report` shows.
"""
