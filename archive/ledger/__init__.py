"""The append-only log of everything that happened, under a Merkle tree, with signed checkpoints."""
