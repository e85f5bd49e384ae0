"""IIIF Image API 3.0, level 2, over our pyramids (https://iiif.io/api/image/3.0/)."""
