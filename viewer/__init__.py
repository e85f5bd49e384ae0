"""What a visitor opens: pages made from publications, and nothing else. No code here can write to the archive."""
