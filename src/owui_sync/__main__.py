"""`python -m owui_sync` is the same as `owui-sync`."""

from owui_sync.cli import main

main()
