"""The dialplan language: model, loader, checks, graph."""
