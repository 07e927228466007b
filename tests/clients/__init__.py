"""Software that is on no Python index, asked what it makes of exports: `make test-clients`."""
