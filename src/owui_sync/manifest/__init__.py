"""Files in, `Desired` out: YAML, tags, layers, validation. Touches the file system and nothing else.

The way of a manifest, one module a step:

    files -> parse -> layers -> tags -> check -> build -> references -> load.load() gives `Desired`
"""
