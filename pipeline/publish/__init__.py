"""From the archive to what the public may see: one function decides, everything else passes through it."""
