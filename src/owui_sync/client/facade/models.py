"""Models, and the groups that may use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from owui_sync.client import access
from owui_sync.client.api import completions, groups, models
from owui_sync.client.api.models import ModelRow
from owui_sync.client.call_time import Timeout
from owui_sync.client.concurrency import each
from owui_sync.client.errors import Missing, NotFound, WrongValue
from owui_sync.client.facade.access import Access, grants_for, grants_of
from owui_sync.client.facade.base import Base
from owui_sync.client.facade.failures import checking, failed, for_programs, otherwise
from owui_sync.client.facade.model_body import Changes, body_of, without_row
from owui_sync.client.results import PermissionsResult
from owui_sync.client.shapes import Row
from owui_sync.client.writer import Writer
from owui_sync.errors import OwuiSyncError


class Models(Base):
    """Models, and the groups that may use them."""

    @otherwise(None)
    async def list_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models that the user may chat with, as the menu of the web page has them.

        Also sets `available_model_ids`.

        Returns:
            Rows with `id`, `name` and more; None on failure.
        """
        rows = await completions.models(self._writer)
        self.available_model_ids = [row["id"] for row in rows]
        return rows

    @otherwise(None)
    async def list_base_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models that the providers offer, pipes and disabled ones too; for administrators.

        Returns:
            Rows with `id`, `name` and more; None on failure.
        """
        return await models.provider_models(self._writer)

    @otherwise(None)
    async def list_custom_models(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return the models of the workspace: those that were made from others, as far as the user may see them.

        Returns:
            Rows with `id`, `name`, `base_model_id`, `params`, `meta` and access; None on failure. Newer servers leave
            out `params` of models that the user may not change.
        """
        return await models.presets(self._writer)

    @otherwise(None)
    async def list_groups(self, *, timeout: Timeout = None) -> list[dict[str, Any]] | None:
        """Return all groups; for others than administrators, those that the user belongs to.

        Returns:
            Rows with `id`, `name`, `description`, `permissions`; None on failure.
        """
        return [{**row} for row in await groups.list_all(self._writer)]

    @otherwise(None, lenient=("model_id",), lookup=True)
    async def get_model(self, model_id: str, *, timeout: Timeout = None) -> dict[str, Any] | None:
        """Return one model by its id: the settings that were made for it, or what its provider tells if there are none.

        Returns:
            The row; None on failure, and when there is no such model.
        """
        try:
            return {**await models.get(self._writer, model_id)}
        except NotFound:
            for row in await completions.models(self._writer):
                if row["id"] == model_id:
                    return row
            raise

    @otherwise(None)
    async def create_model(
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
        changes = Changes(
            name,
            base_model_id,
            description,
            params,
            profile_image_url,
            suggestion_prompts,
            tags,
            capabilities,
            is_active,
        )
        grants = await self._grants(access_control, permission_type, group_identifiers, user_ids)
        return {**await _create(self._writer, body_of(without_row(model_id, name), changes), grants or [])}

    @otherwise(None, lenient=("model_id",))
    async def update_model(
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
        changes = Changes(
            name,
            base_model_id,
            description,
            params,
            profile_image_url,
            suggestion_prompts,
            tags,
            capabilities,
            is_active,
        )
        grants = await self._grants(access_control, permission_type, group_identifiers, user_ids)
        return {**await _change(self._writer, model_id, changes, grants)}

    @otherwise(False, lenient=("model_id",))
    async def delete_model(self, model_id: str, *, timeout: Timeout = None) -> bool:
        """Delete a model, or the settings of a provider's model.

        Returns:
            True when it was deleted, False on failure, and when there is no such model.
        """
        await models.delete(self._writer, model_id)
        return True

    @checking
    async def batch_update_model_permissions(
        self,
        models: Sequence[str | Mapping[str, Any]] | None = None,
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
        result = PermissionsResult(success=[], failed=[], skipped=[])
        try:
            ids = await self._chosen(models or (), model_identifiers or (), model_keyword)
            grants = await grants_for(self._writer, permission_type, group_identifiers, user_ids) or []
        except OwuiSyncError as error:
            return failed(self, "batch_update_model_permissions", error, result)

        async def share(model_id: str) -> None:
            try:
                done = await _share(self._writer, model_id, grants)
            except OwuiSyncError as error:
                result["failed"].append({"model_id": model_id, "error": str(for_programs(error))})
            else:
                (result["success"] if done else result["skipped"]).append(model_id)

        await each(share, ids, max(1, max_workers))
        return result

    async def _grants(
        self,
        access_control: Access | None,
        permission_type: str | None,
        group_identifiers: list[str] | None,
        user_ids: list[str] | None,
    ) -> list[Row] | None:
        """Return the grants that `access_control` means, or where it is not given the other three; None for none."""
        if access_control is not None:
            return grants_of(access_control)
        return await grants_for(self._writer, permission_type, group_identifiers, user_ids)

    async def _chosen(
        self, given: Sequence[str | Mapping[str, Any]], ids: Sequence[str], keyword: str | None
    ) -> list[str]:
        named = [*(model if isinstance(model, str) else str(model["id"]) for model in given), *ids]
        if keyword:
            offered = await models.provider_models(self._writer) + await models.presets(self._writer)
            word = keyword.casefold()
            named += [row["id"] for row in offered if word in row["id"].casefold() or word in row["name"].casefold()]
        elif not named:
            raise WrongValue("no models are given", hint="pass models, model_identifiers or model_keyword")
        return list(dict.fromkeys(named))


async def _create(writer: Writer, body: Row, grants: list[Row]) -> ModelRow:
    row = await models.create(writer, body | await access.part(writer, grants))
    return await _settled(writer, row, grants)


async def _change(writer: Writer, model_id: str, changes: Changes, grants: list[Row] | None) -> ModelRow:
    row = await _row(writer, model_id)
    if row is None:
        offered = await _offered(writer, model_id)
        return await _create(writer, body_of(without_row(model_id, offered["name"]), changes), grants or [])
    wanted = access.rows_of(row) if grants is None else grants
    row = await models.update(writer, body_of(row, changes) | await access.part(writer, wanted))
    return await _settled(writer, row, wanted)


async def _share(writer: Writer, model_id: str, grants: list[Row]) -> bool:
    """Give a model this access; return whether it had another one."""
    row = await _row(writer, model_id)
    if row is not None and access.same(access.rows_of(row), grants):
        return False
    await _change(writer, model_id, Changes(), grants)
    return True


async def _row(writer: Writer, model_id: str) -> ModelRow | None:
    try:
        return await models.get(writer, model_id)
    except NotFound:
        return None


async def _offered(writer: Writer, model_id: str) -> Row:
    """Return the model of a provider, as it offers it."""
    rows = await models.provider_models(writer)
    for row in rows:
        if row["id"] == model_id:
            return row
    raise Missing("model", model_id, "/api/models/base", [row["id"] for row in rows])


async def _settled(writer: Writer, row: ModelRow, grants: list[Row]) -> ModelRow:
    return await access.settle(row, grants, lambda rows: models.set_access(writer, row["id"], row["name"], rows))
