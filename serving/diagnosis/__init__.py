"""What `pincite doctor` looks at; every check reports and none mends."""
