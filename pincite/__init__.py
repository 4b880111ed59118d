"""The kernel of Pincite: domain types, settings, model and index back ends."""
