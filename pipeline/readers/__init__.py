"""Readers of scan, mesh and picture formats that several stages share. Each treats its file as hostile."""
