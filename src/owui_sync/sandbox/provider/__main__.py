"""Runs the provider on loopback until it is stopped: `python -m owui_sync.sandbox.provider --port N`."""

from __future__ import annotations

import argparse

from owui_sync.sandbox.provider.http import serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="owui_sync.sandbox.provider", description="A scripted OpenAI-compatible API.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--model", action="append", default=[], help="a further model to offer; repeatable")
    parser.add_argument(
        "--forward", default="", help="a real API whose models answer instead; key in OWUI_PROVIDER_KEY"
    )
    given = parser.parse_args()
    serve(given.port, given.model, given.forward)


if __name__ == "__main__":
    main()
