"""Made from `client/facade/models.py` by `make client`; do not edit."""

from __future__ import annotations

from typing import Any

from owui_sync.client.sync.base import Base


class Models(Base):
    """Models, and the groups that may use them."""

    def list_models(self) -> list[dict[str, Any]] | None:
        """The models that the user may chat with, as the menu of the web page has them; None on failure."""
        return self._run(self._async.list_models())
