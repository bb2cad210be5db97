"""A saved plan from its file: what it makes this machine read is checked before anything is read.

A plan comes from elsewhere, and a digest beside it proves nothing to who can edit both. So it is believed as far as the
manifests here ask for the same, or when the person names the digest that they have from a source that they trust.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from owui_sync.cli.manifest_options import chosen_target, read_manifests
from owui_sync.errors import ManifestError, OwuiSyncError, StalePlan, UnsafePlan

if TYPE_CHECKING:
    from owui_sync.plan.types import Plan
    from owui_sync.values import Json

_OTHERS = "apply it next to its manifests, make the plan again, or pass its digest with --expect-digest"


def load_saved(path: Path, expected: str | None, where: Mapping[str, Any]) -> Plan:
    """Return the plan of a file.

    Args:
        expected: the digest that it must have, of `--expect-digest`; then it is believed without manifests.
        where: the options of `read_manifests`, without paths.

    Raises:
        StalePlan: it has another digest, or its manifests or files are no longer what they were.
        UnsafePlan: it reads files or secrets, and its manifests are not here.
        OwuiSyncError: it is no plan, or a secret is not set.
    """
    from owui_sync.manifest.plan_inputs import plan_sources
    from owui_sync.plan.file.load import load_plan

    def check(document: Json) -> None:
        if expected is None:
            _check_manifests(document, where)
        elif expected.lower().removeprefix("sha256:") not in _digests(document):
            raise StalePlan(f"the digest of {path} is {document['digest']}, which is not the expected one")

    return load_plan(read_document(path), plan_sources(), check)


def _digests(document: Json) -> set[str]:
    """Return the digests by which a person may name a plan: of its changes, or of the whole document."""
    return {document[key].removeprefix("sha256:") for key in ("digest", "checksum") if key in document}


def read_document(path: Path) -> object:
    """Return the JSON of a file. Raises OwuiSyncError if it cannot be read or is none."""
    import json

    from owui_sync.inputs import PLAN, read_input
    from owui_sync.values import load_json

    try:
        document = load_json(read_input(path, PLAN))
        json.dumps(document, ensure_ascii=False).encode()  # Half of a surrogate pair cannot be sent to anybody.
    except OSError as error:
        raise OwuiSyncError(f"the plan {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise OwuiSyncError(f"{path} is not a saved plan: it is not JSON ({error})") from None
    return document


def _check_manifests(document: Json, where: Mapping[str, Any]) -> None:
    """Raise unless the manifests are those of the plan; without any at hand, a plan that reads nothing passes."""
    from owui_sync.manifest.fingerprint import digest_of, layers_at_hand
    from owui_sync.manifest.yaml.value_problem import ValueProblem
    from owui_sync.plan.file.load import manifests_of
    from owui_sync.plan.file.reads import check_reads, reads
    from owui_sync.wording import listed_briefly

    identity, wanted = manifests_of(document), reads(document)
    layers = layers_at_hand(identity, chosen_target(where["config"], where["target"]).layers)
    if layers is None:
        if wanted:
            raise UnsafePlan(
                f"this plan uses {listed_briefly(wanted, 1)}, but its manifests are not here to confirm that",
                hint=_OTHERS,
            )
        return
    try:
        same = digest_of(layers) == identity.digest
    except ValueProblem as wrong:
        raise ManifestError(wrong.message, hint=wrong.hint) from None
    if not same:
        raise StalePlan("the manifests are not the ones that this plan was made from", hint=_OTHERS)
    if wanted:
        check_reads(document, read_manifests(**{**where, "paths": layers}, names_only=True).desired)
