"""Exchange with others: objects of this archive as a bag, as OCFL or as a ZIP, and bags from elsewhere taken in."""
