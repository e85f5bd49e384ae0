"""OCFL 1.1 (https://ocfl.io/1.1/spec/): how objects lie on disk, readable with a file browser and without Ditich."""
