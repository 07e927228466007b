#!/usr/bin/env bash
# One would expect: an array that NumPy holds in another order than rows first (a transpose, say) comes back as it was,
# or is refused.
# What happens: the bytes of its memory are written under its shape, without an error; what is loaded has the right
# shape and the wrong numbers. In 0.7.0 the same call was right.
# Seen in: safetensors 0.8.0 beside 0.7.0, numpy 2.2.6.
# Where it meets us: `model/tensors.py` makes arrays contiguous, and reads back what it wrote
# (tests/model_tests/test_tensors.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/try.py" <<'PYTHON'
import sys

import numpy as np
import safetensors
from safetensors.numpy import load, save

rows = np.arange(6, dtype=np.float32).reshape(2, 3)
back = load(save({"turned": rows.T}))["turned"]
right = np.array_equal(back, rows.T)
print(f"safetensors {safetensors.__version__}: shape {back.shape}, numbers {'right' if right else 'wrong'}")
sys.exit(0 if right else 3)
PYTHON
for version in 0.7.0 0.8.0; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet safetensors==$version numpy==2.2.6
done
"$folder/0.7.0/bin/python" "$folder/try.py"
status=0
"$folder/0.8.0/bin/python" "$folder/try.py" || status=$?
[ "$status" -eq 3 ] || { echo "it has changed: 0.8.0 writes a transposed array as it is, or refuses it" >&2; exit 1; }
