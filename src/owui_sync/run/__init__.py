"""The parts of `owui_sync.pipeline.run`: what it is given, how it asks, how a signal ends it, and what comes of it."""
