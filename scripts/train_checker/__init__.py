"""Trains the claim checker that ships: `python -m scripts.train_checker --data DIR --out DIR`."""
