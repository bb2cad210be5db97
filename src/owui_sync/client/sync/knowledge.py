"""Made from `client/facade/knowledge.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.results import KnowledgeBasesResult
from owui_sync.client.sync.base import Base


class Knowledge(Base):
    """Knowledge bases, and the files in them. Of several bases with one name, the oldest is meant."""

    def get_knowledge_base_by_name(self, name: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Find a knowledge base by its whole name.

        Returns:
            The row, with `id`, `name`, `description` and more; None on failure, and when there is none.
        """
        return self._run(self._async.get_knowledge_base_by_name(name, timeout=timeout))

    def create_knowledge_base(
        self, name: str, description: str = "", *, timeout: Timeout = None
    ) -> dict[str, Any] | None:
        """Make a knowledge base that only the user may see.

        Args:
            name: its name; others may have the same.
            description: what is in it; models that search by themselves read this.

        Returns:
            The row of the new base; None on failure.
        """
        return self._run(self._async.create_knowledge_base(name, description, timeout=timeout))

    def add_file_to_knowledge_base(
        self, file_path: str | Path, knowledge_base_name: str, *, timeout: Timeout = None
    ) -> bool:
        """Put a file of this machine into a knowledge base, which is made if there is none of that name.

        It waits until the server has the text of the file and models find it. A file of the same name and text that is
        in the base already is not put there a second time. What the server cannot read leaves nothing behind.

        Args:
            file_path: the file.
            knowledge_base_name: the name of the base.

        Returns:
            True when the file is in the base and can be found; False on failure.
        """
        return self._run(self._async.add_file_to_knowledge_base(file_path, knowledge_base_name, timeout=timeout))

    def delete_knowledge_base(self, kb_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a knowledge base; its files stay on the server.

        Returns:
            True when it was deleted; False on failure, and when there is no such base.
        """
        return self._run(self._async.delete_knowledge_base(kb_id, timeout=timeout))

    def delete_all_knowledge_bases(self, *, timeout: Timeout = None) -> tuple[int, int]:
        """Delete all knowledge bases that belong to the user, and none of others.

        Returns:
            How many were deleted, and how many could not be.
        """
        return self._run(self._async.delete_all_knowledge_bases(timeout=timeout))

    def delete_knowledge_bases_by_keyword(
        self, keyword: str, case_sensitive: bool = False, *, timeout: Timeout = None
    ) -> tuple[int, int, list[str]]:
        """Delete the knowledge bases that belong to the user and have a text in their name.

        Args:
            keyword: the text.
            case_sensitive: whether upper and lower case differ.

        Returns:
            How many were deleted, how many could not be, and the names of those that were.
        """
        return self._run(self._async.delete_knowledge_bases_by_keyword(keyword, case_sensitive, timeout=timeout))

    def create_knowledge_bases_with_files(
        self,
        kb_configs: Sequence[Mapping[str, object]] | Mapping[str, Sequence[str | Path]],
        max_workers: int = 3,
        *,
        timeout: Timeout = None,
    ) -> KnowledgeBasesResult:
        """Make several knowledge bases and put files into them; one that is there already gets the files.

        Args:
            kb_configs: for each base its `name`, and perhaps `description` and `files` (paths on this machine); or the
                files by the name of the base.
            max_workers: bases at the same time.

        Returns:
            `success`: the names of bases that have all their files; `failed`: name -> what went wrong, with the files.
        """
        return self._run(self._async.create_knowledge_bases_with_files(kb_configs, max_workers, timeout=timeout))
