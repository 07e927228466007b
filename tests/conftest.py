"""What holds for all tests."""

import os

# Half the time goes into compiling: programs a little slower, and a quarter sooner there, are worth it here.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")
