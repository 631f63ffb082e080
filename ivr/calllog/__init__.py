"""The call's log: events, the fsynced spool, and what applies it to the database."""
