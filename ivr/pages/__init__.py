"""The pages (web/): built once for each content of their sources, kept in the cache, served from there."""
