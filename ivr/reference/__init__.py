"""What the files may say, for editors (JSON Schema) and for people (Markdown): made from the forms themselves."""
