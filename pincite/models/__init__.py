"""Model back ends: ports, deterministic fakes, adapters, the manifest and the model store."""
