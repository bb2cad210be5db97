"""The syntax of manifests: YAML with positions, and the limits of what is read."""
