"""A mutation pack for validators of OCFL: small objects and storage roots, each with one thing wrong or oddly right.

``python -m tests.conformance.ocfl_mutations DIR`` writes the pack and an ``index.json`` into DIR.
"""
