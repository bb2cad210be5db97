"""Made from `client/facade/models.py` by `make client`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from owui_sync.client.call_time import Timeout
from owui_sync.client.facade.access import Access
from owui_sync.client.results import PermissionsResult
from owui_sync.client.sync.base import Base


class Models(Base):
    """Models, and the groups that may use them."""

    def list_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models that the user may chat with, as the menu of the web page has them.

        Also sets `available_model_ids`.

        Returns:
            Rows with `id`, `name` and more; None on failure.
        """
        return self._run(self._async.list_models(timeout=timeout))

    def list_base_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models that the providers offer, pipes and disabled ones too; for administrators.

        Returns:
            Rows with `id`, `name` and more; None on failure.
        """
        return self._run(self._async.list_base_models(timeout=timeout))

    def list_custom_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models of the workspace: those that were made from others, as far as the user may see them.

        Returns:
            Rows with `id`, `name`, `base_model_id`, `params`, `meta` and access; None on failure. Newer servers leave
            out `params` of models that the user may not change.
        """
        return self._run(self._async.list_custom_models(timeout=timeout))

    def list_groups(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all groups; for others than administrators, those that the user belongs to.

        Returns:
            Rows with `id`, `name`, `description`, `permissions`; None on failure.
        """
        return self._run(self._async.list_groups(timeout=timeout))

    def get_model(self, model_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one model by its id: the settings that were made for it, or what its provider tells if there are none.

        Returns:
            The row; None on failure, and when there is no such model.
        """
        return self._run(self._async.get_model(model_id, timeout=timeout))

    def create_model(
        self,
        model_id: str,
        name: str,
        base_model_id: str | None = None,
        description: str | None = None,
        params: dict[str, Any] | None = None,
        permission_type: str = "public",
        group_identifiers: list[str] | None = None,
        user_ids: list[str] | None = None,
        profile_image_url: str = "/static/favicon.png",
        suggestion_prompts: Sequence[str | Mapping[str, Any]] | None = None,
        tags: Sequence[str | Mapping[str, Any]] | None = None,
        capabilities: dict[str, bool] | None = None,
        is_active: bool = True,
        *,
        access_control: Access | None = None,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Make a model from another one, or settings for a model of a provider.

        Args:
            model_id: its id, without white space.
            name, description: shown to users.
            base_model_id: id of the model that it is made from; None for settings of the provider's model of that id.
            params: such as `temperature`, and the system prompt as `system`.
            permission_type: `public` (everyone may use it), `private` (the users of `user_ids` may use and change it),
                or `group` (so may the groups of `group_identifiers`).
            group_identifiers: names or ids of groups.
            user_ids: ids of users.
            profile_image_url: its picture: a URL, or a `data:` URL of a PNG, JPEG, GIF or WebP.
            suggestion_prompts: prompts that are offered at the beginning of a chat.
            tags: its tags.
            capabilities: switches such as `vision`.
            is_active: whether it can be used.
            access_control: in place of `permission_type` with groups and users, as in `create_prompt`.

        Returns:
            The row of the new model; None on failure, also when the id is taken.
        """
        return self._run(
            self._async.create_model(
                model_id,
                name,
                base_model_id,
                description,
                params,
                permission_type,
                group_identifiers,
                user_ids,
                profile_image_url,
                suggestion_prompts,
                tags,
                capabilities,
                is_active,
                access_control=access_control,
                timeout=timeout,
            )
        )

    def update_model(
        self,
        model_id: str,
        name: str | None = None,
        base_model_id: str | None = None,
        description: str | None = None,
        params: dict[str, Any] | None = None,
        permission_type: str | None = None,
        group_identifiers: list[str] | None = None,
        user_ids: list[str] | None = None,
        profile_image_url: str | None = None,
        suggestion_prompts: Sequence[str | Mapping[str, Any]] | None = None,
        tags: Sequence[str | Mapping[str, Any]] | None = None,
        capabilities: dict[str, bool] | None = None,
        is_active: bool | None = None,
        *,
        access_control: Access | None = None,
        timeout: Timeout = None,
    ) -> dict[str, Any] | None:
        """Change a model. What is None stays as it is.

        A model of a provider for which nothing was set yet gets its first settings.

        Args:
            model_id: its id.
            name, description: shown to users.
            base_model_id: id of the model that it is made from.
            params: keys to set; the others stay, and a key with the value None is taken away.
            permission_type: `public`, `private` or `group`, as in `create_model`.
            group_identifiers: names or ids of groups.
            user_ids: ids of users.
            profile_image_url: its picture.
            suggestion_prompts: all prompts that are offered at the beginning of a chat.
            tags: all its tags.
            capabilities: switches to set; the others stay.
            is_active: whether it can be used.
            access_control: who may use and change it, as in `create_model`.

        Returns:
            The row afterwards; None on failure, and when there is no such model.
        """
        return self._run(
            self._async.update_model(
                model_id,
                name,
                base_model_id,
                description,
                params,
                permission_type,
                group_identifiers,
                user_ids,
                profile_image_url,
                suggestion_prompts,
                tags,
                capabilities,
                is_active,
                access_control=access_control,
                timeout=timeout,
            )
        )

    def delete_model(self, model_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a model, or the settings of a provider's model.

        Returns:
            True when it was deleted, False on failure, and when there is no such model.
        """
        return self._run(self._async.delete_model(model_id, timeout=timeout))

    def batch_update_model_permissions(
        self,
        models: Sequence[str | Mapping[str, object]] | None = None,
        permission_type: str = "public",
        group_identifiers: list[str] | None = None,
        user_ids: list[str] | None = None,
        max_workers: int = 5,
        model_identifiers: list[str] | None = None,
        model_keyword: str | None = None,
        *,
        timeout: Timeout = None,
    ) -> PermissionsResult:
        """Give many models the same access. A model that fails does not keep the others from theirs.

        Args:
            models: the models, as rows with `id` or as ids.
            permission_type: `public`, `private` or `group`, as in `create_model`.
            group_identifiers: names or ids of groups.
            user_ids: ids of users.
            max_workers: models at the same time.
            model_identifiers: ids of more models.
            model_keyword: a part of the id or name of more models, in upper or lower case.

        Returns:
            `success`: ids that have the access now; `failed`: `{"model_id", "error"}` each; `skipped`: ids that had it
            already.
        """
        return self._run(
            self._async.batch_update_model_permissions(
                models,
                permission_type,
                group_identifiers,
                user_ids,
                max_workers,
                model_identifiers,
                model_keyword,
                timeout=timeout,
            )
        )
