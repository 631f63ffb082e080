"""One identifier a file: how it is keyed, checked, masked and read back."""
