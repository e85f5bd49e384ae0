"""IIIF Presentation: the models, and the manifests, collections and annotation pages made from a public site."""
