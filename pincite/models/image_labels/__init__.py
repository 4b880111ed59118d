"""A small classifier of photos, and what its labels are in words; CARD.md says where from."""
