"""Models, and the groups that may use them."""

from __future__ import annotations

from typing import Any

from owui_sync.client.api import completions
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import otherwise


class Models(Base):
    """Models, and the groups that may use them."""

    @otherwise(None)
    async def list_models(self) -> list[dict[str, Any]] | None:
        """The models that the user may chat with, as the menu of the web page has them; None on failure."""
        rows = await completions.models(self._writer)
        self.available_model_ids = [row["id"] for row in rows]
        return rows
