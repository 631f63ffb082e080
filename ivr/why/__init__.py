"""Why a ticket's call went where it did, and where it would have gone otherwise; in words."""
