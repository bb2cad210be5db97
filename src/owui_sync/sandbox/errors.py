"""What can go wrong with a sandbox; all end the command line with exit code 1.

SandboxError
├── DatabaseMissing    PostgreSQL is not on this machine, or not for that version
├── SnapshotProblem    there is no such snapshot, or it cannot be taken or used
├── UvMissing          there is no `uv` to install Open WebUI with
├── InstallFailed      `uv` could not install that version
├── PortInUse          another process listens on the port
├── AlreadyRunning     the name, or the data folder, belongs to a sandbox that runs
├── StartFailed        the server or the provider died, or did not answer in time
├── SignInFailed       the data folder has another administrator than the one we know
└── NotRunning         no sandbox has that name
"""

from __future__ import annotations

from owui_sync.errors import OwuiSyncError


class SandboxError(OwuiSyncError):
    """Base of everything that a sandbox raises on purpose; nothing is left running when it is raised by `up`."""


class UvMissing(SandboxError):
    """There is no `uv` on this machine."""


class DatabaseMissing(SandboxError):
    """There is no PostgreSQL on this machine, or Open WebUI of that version cannot use it."""


class SnapshotProblem(SandboxError):
    """There is no snapshot of that name, or it cannot be taken or used."""


class InstallFailed(SandboxError):
    """`uv` could not install the version; its output is in the log that `where` names."""


class PortInUse(SandboxError):
    """Another process listens on the port."""


class AlreadyRunning(SandboxError):
    """The name or the data folder is in use by a sandbox that runs."""


class StartFailed(SandboxError):
    """A process of the sandbox died or did not answer before the deadline; `where` names its log."""


class SignInFailed(SandboxError):
    """The server refused the administrator's e-mail address and password."""


class NotRunning(SandboxError):
    """No sandbox has that name."""
