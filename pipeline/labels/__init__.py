"""Printed signs with a QR: their codes, their register in the site's object, and how they are drawn."""
