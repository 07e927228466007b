"""Settings of all tests."""

import os

from hypothesis import HealthCheck, settings

# Most of the time goes into compiling (tests/model_tests/conftest.py): slower programs sooner are worth it.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")

# The same examples on every run, and patience on a busy machine.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
