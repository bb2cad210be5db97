"""A throwaway real Open WebUI on this machine, with a scripted model provider; for tests, demos and CI."""

from owui_sync.sandbox.account import sign_in
from owui_sync.sandbox.install import DEFAULT_VERSION, SUPPORTED
from owui_sync.sandbox.server import Status, down, down_all, restart, status, up
from owui_sync.sandbox.state import Sandbox

__all__ = [
    "DEFAULT_VERSION",
    "SUPPORTED",
    "Sandbox",
    "Status",
    "down",
    "down_all",
    "restart",
    "sign_in",
    "status",
    "up",
]
