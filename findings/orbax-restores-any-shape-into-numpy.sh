#!/usr/bin/env bash
# One would expect: a checkpoint restored into a target of NumPy arrays has the shapes of the target, or is refused, as
# it is for JAX arrays under strict restoring.
# What happens: whatever shape was stored comes back, without a word; the target's shape and type count for nothing.
# Seen in: orbax-checkpoint 0.12.8, jax 0.10.2, numpy 2.2.6.
# Where it meets us: `model/training/checkpoints.py` holds stored names, shapes and types against what it asks for
# (tests/model_tests/training/test_checkpoints.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet orbax-checkpoint==0.12.8 jax==0.10.2 numpy==2.2.6
JAX_PLATFORMS=cpu "$folder/venv/bin/python" - "$folder/checkpoint" <<'PYTHON' 2>/dev/null
import sys

import numpy as np
import orbax.checkpoint as ocp

with ocp.StandardCheckpointer() as checkpointer:
    checkpointer.save(sys.argv[1], {"weights": np.arange(6, dtype=np.float32).reshape(2, 3)})
    checkpointer.wait_until_finished()
    target = {"weights": np.zeros((5,), np.float32)}
    try:
        found = checkpointer.restore(sys.argv[1], target)["weights"]
    except ValueError as error:
        raise SystemExit(f"it has changed: {type(error).__name__} for another shape") from error
print(f"stored (2, 3), asked for {target['weights'].shape}, given {found.shape}")
if found.shape != (2, 3):
    raise SystemExit("it has changed: the shape that was asked for counts")
PYTHON
