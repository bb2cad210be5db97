"""A throwaway real Open WebUI on this machine, with a scripted model provider; for tests, demos and CI."""

from owui_sync.sandbox.account import sign_in
from owui_sync.sandbox.install import DEFAULT_VERSION, SUPPORTED
from owui_sync.sandbox.server import Status, down, down_all, offer_models, restart, status, up
from owui_sync.sandbox.setup import Setup
from owui_sync.sandbox.state import Sandbox

__all__ = [
    "DEFAULT_VERSION",
    "SUPPORTED",
    "Sandbox",
    "Setup",
    "Status",
    "down",
    "down_all",
    "offer_models",
    "restart",
    "sign_in",
    "status",
    "up",
]
