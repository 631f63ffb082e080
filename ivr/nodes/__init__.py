"""One node type a file; a file in this package registers itself."""
