"""Makes a process that a test starts obey the permissions of files, as everyone does but root."""

import ctypes
import os

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1
_LIBC = ctypes.CDLL(None)


def obey_permissions() -> None:
    """For `preexec_fn`: root loses the right to read and write everything, as the process is replaced."""
    if os.geteuid() == 0 and _LIBC.prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0):
        raise OSError("root cannot be made to obey permissions here")
