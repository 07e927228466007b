"""What holds for all tests."""

import os

# Most of the time goes into compiling (tests/model_tests/conftest.py): slower programs sooner are worth it.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")
