"""Publications: what the viewer serves, self-contained, with public fields only."""
