"""From an officer's folder to a published tour."""
