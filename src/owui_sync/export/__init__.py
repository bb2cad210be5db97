"""A server's content as a folder of manifests: Snapshot -> Content -> files. Pure but for `folder.write`.

`content` says what goes into the manifests, `placed` which texts and pictures become files of their own, `dump` how
YAML is spelled, `folder` how all of it becomes a project. Nothing here knows a kind by name.
"""
