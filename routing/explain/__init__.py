"""Why a call went where it did: what the router saw is kept, and the same router is asked again later, off its path."""
