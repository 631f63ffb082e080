"""How routing events travel: in memory now, between engines later."""
