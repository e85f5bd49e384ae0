"""Makes this folder win over packages of the same name that some dependencies install."""
