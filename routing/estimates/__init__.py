"""How long callers are likely to wait, by what the router knows: who is ahead, who can take whom, at what pace.

What calls are told comes from routing.estimate still, until this is joined to the dispatcher and a fleet's leader.
"""
