"""Which manifests a plan was made of, so that it is only applied beside these."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from owui_sync.inputs import real
from owui_sync.manifest.files.reading import manifests_in, read_bytes
from owui_sync.manifest.git import commit, is_tracked
from owui_sync.values import digest


@dataclass(frozen=True, slots=True)
class ManifestFingerprint:
    """The manifests of a plan.

    Args:
        commit: short hash of their commit, with `-dirty` when they differ from it; None where there is none.
        digest: of the manifests' files, wherever their layers are: `sha256:` and hex.
        paths: the layers that the command line named; empty when they are those of the configuration.
    """

    commit: str | None = None
    digest: str = ""
    paths: tuple[str, ...] = ()


def identify(layers: Sequence[Path], paths: Sequence[Path] = ()) -> ManifestFingerprint:
    """Return the identity of layers.

    Args:
        paths: the layers as the command line named them, if it did.

    Raises:
        ValueProblem: a layer is gone, or a file in it cannot be read.
    """
    return ManifestFingerprint(commit(layers), digest_of(layers), tuple(path.as_posix() for path in paths))


def digest_of(layers: Sequence[Path]) -> str:
    """Return the digest of the files of layers: their bytes, and their paths from there. Raises as `identify`."""
    files = [
        [number, path.relative_to(layer).as_posix(), hashlib.sha256(read_bytes(path)).hexdigest()]
        for number, layer in enumerate(layers)
        for path in manifests_in(layer)
    ]
    return f"sha256:{digest(files)}"


def layers_at_hand(identity: ManifestFingerprint, configured: Sequence[Path]) -> tuple[Path, ...] | None:
    """Return the layers that a plan was made of.

    Return None when they are not here, or when only the plan itself vouches for them.

    A plan comes from elsewhere, and so may files that came along with it: what it names counts as its manifests only
    when this project says so, by the layers of its configuration or by git; where there is neither of the two,
    by lying in the current folder.

    Args:
        configured: the layers of the configuration of this project; empty without one.
    """
    if not identity.paths:
        return tuple(configured) if configured and all(layer.exists() for layer in configured) else None
    here = Path.cwd()
    layers = tuple(Path(path) for path in identity.paths)
    if not all(layer.exists() for layer in layers):
        return None
    known = [real(layer) for layer in configured]
    if all(any(real(layer).is_relative_to(top) for top in known) for layer in layers):
        return layers
    tracked = is_tracked(layers, here)
    if tracked is None and not configured:
        tracked = all(real(layer).is_relative_to(real(here)) for layer in layers)
    return layers if tracked else None
