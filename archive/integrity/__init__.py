"""What an archivist is told: how the archive stands, what will fall due, what a month showed, and what can be proved of it."""
