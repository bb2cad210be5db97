"""The system configuration of a server: `settings` in a manifest.

`table` knows each field, `schema` what a manifest may write, `observe` reads, `write` writes, `setting` is the kind.
"""
