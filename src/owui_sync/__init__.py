"""owui-sync: configuration as code for Open WebUI, and a client library for it."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["AsyncOpenWebUIClient", "OpenWebUIClient", "__version__"]

if TYPE_CHECKING:
    from owui_sync.client.facade import AsyncOpenWebUIClient
    from owui_sync.client.sync import OpenWebUIClient


def __getattr__(name: str) -> Any:
    """Load a class when a program asks for it: the command line starts faster without them."""
    if name == "AsyncOpenWebUIClient":
        from owui_sync.client.facade import AsyncOpenWebUIClient

        return AsyncOpenWebUIClient
    if name == "OpenWebUIClient":
        from owui_sync.client.sync import OpenWebUIClient

        return OpenWebUIClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
