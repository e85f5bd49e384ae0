"""Renders a site through the viewer's own application into plain files. A process of its own: the application never imports it."""
