"""What may follow what, as tables: operators, contacts and offers."""
