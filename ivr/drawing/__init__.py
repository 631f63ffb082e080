"""A flow as a picture: for a terminal, and as SVG."""
