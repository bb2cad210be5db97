"""Made from `client/facade/prompts.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.access import Access
from owui_sync.client.results import BatchResult
from owui_sync.client.sync.base import Base


class Prompts(Base):
    """Prompts: texts that users call by a command.

    A command may be given with and without the slash in front of it. Rows have both `title` and `name`, and `command`
    as the server keeps it: before Open WebUI 0.8.0 with a slash.
    """

    def get_prompts(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all prompts that the user may see, inactive ones too.

        Returns:
            Rows with `command`, `title`, `name`, `content` and more; None on failure.
        """
        return self._run(self._async.get_prompts(timeout=timeout))

    def get_prompts_list(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all prompts that the user may see, each with its owner.

        Returns:
            Rows as those of `get_prompts`, with `user`; None on failure.
        """
        return self._run(self._async.get_prompts_list(timeout=timeout))

    def create_prompt(
        self, command: str, title: str, content: str, access_control: Access | None = None, *, timeout: Timeout = None
    ) -> dict[str, Any] | None:
        """Make a prompt.

        Args:
            command: what users call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it: `"public"`, `"private"`, or
                `{"read": {"group_ids": [...], "user_ids": [...]}, "write": {...}}`; without it, only the user.

        Returns:
            The row of the new prompt; None on failure, also when the command is taken.
        """
        return self._run(self._async.create_prompt(command, title, content, access_control, timeout=timeout))

    def get_prompt_by_command(self, command: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one prompt.

        Returns:
            The row; None on failure, and when there is no such prompt.
        """
        return self._run(self._async.get_prompt_by_command(command, timeout=timeout))

    def update_prompt_by_command(
        self,
        command: str,
        title: str | None = None,
        content: str | None = None,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Change a prompt, but not its command. What is None stays as it is.

        Args:
            command: what users call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it, as in `create_prompt`.

        Returns:
            The row afterwards; None on failure, and when there is no such prompt.
        """
        return self._run(self._async.update_prompt_by_command(command, title, content, access_control, timeout=timeout))

    def replace_prompt_by_command(
        self,
        old_command: str,
        new_command: str,
        title: str,
        content: str,
        access_control: Access | None = None,
        *,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Give a prompt another command, title and text.

        It stays the same prompt, with its history; before Open WebUI 0.8.0 a new one is made, and then the old one
        deleted.

        Args:
            old_command: what users call it by now.
            new_command: what they are to call it by.
            title: the name that users see.
            content: its text.
            access_control: who may use and change it, as in `create_prompt`; None keeps it.

        Returns:
            The row afterwards; None on failure, also when there is no such prompt, or the new command is taken. The old
            prompt is there unchanged then.
        """
        return self._run(
            self._async.replace_prompt_by_command(
                old_command, new_command, title, content, access_control, timeout=timeout
            )
        )

    def delete_prompt_by_command(self, command: str, *, timeout: Timeout = None) -> bool:
        """Delete a prompt.

        Returns:
            True when it was deleted; False on failure, and when there is no such prompt.
        """
        return self._run(self._async.delete_prompt_by_command(command, timeout=timeout))

    def search_prompts(
        self,
        query: str | None = None,
        by_command: bool = False,
        by_title: bool = True,
        by_content: bool = False,
        *,
        timeout: Timeout = None,
    ) -> list[dict[str, Any]]:
        """Return the prompts that have a text in their command, title or content, in upper or lower case.

        Args:
            query: the text; None for all prompts.
            by_command: look into commands.
            by_title: look into titles.
            by_content: look into the texts.

        Returns:
            Rows as those of `get_prompts`; an empty list on failure.
        """
        return self._run(self._async.search_prompts(query, by_command, by_title, by_content, timeout=timeout))

    def extract_variables(self, content: str) -> list[str]:
        """Return the names of the variables in a text (`{{name}}`, `{{name | type}}`), in their order."""
        return self._async.extract_variables(content)

    def substitute_variables(
        self, content: str, variables: Mapping[str, object], system_variables: Mapping[str, object] | None = None
    ) -> str:
        """Put values in place of the variables of a text.

        Args:
            content: the text.
            variables: name -> value, put in literally.
            system_variables: more of them, such as `get_system_variables` gives; those of `variables` come first.

        Returns:
            The text; variables without a value stay in it as they are.
        """
        return self._async.substitute_variables(content, variables, system_variables)

    def get_system_variables(self) -> dict[str, str]:
        """Return date and time of this machine under the names that Open WebUI has for them, such as `CURRENT_DATE`."""
        return self._async.get_system_variables()

    def batch_create_prompts(
        self, prompts_data: list[dict[str, Any]], continue_on_error: bool = True, *, timeout: Timeout = None
    ) -> BatchResult:
        """Make many prompts.

        Args:
            prompts_data: each with the parameters of `create_prompt`.
            continue_on_error: whether to go on after one that failed.

        Returns:
            `success`: rows of the new prompts; `failed`: `{"data", "error"}` each; `total`: how many were given.
        """
        return self._run(self._async.batch_create_prompts(prompts_data, continue_on_error, timeout=timeout))

    def batch_delete_prompts(
        self, commands: list[str], continue_on_error: bool = True, *, timeout: Timeout = None
    ) -> BatchResult:
        """Delete many prompts.

        Args:
            commands: what users call them by.
            continue_on_error: whether to go on after one that failed.

        Returns:
            `success`: commands, as they were given; `failed`: `{"command", "error"}` each; `total`: how many there
            were.
        """
        return self._run(self._async.batch_delete_prompts(commands, continue_on_error, timeout=timeout))
