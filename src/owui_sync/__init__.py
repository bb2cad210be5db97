"""owui-sync: configuration as code for Open WebUI."""

__version__ = "0.1.0"
