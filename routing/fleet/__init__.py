"""Several engines, one router: every engine is a member, one of them leads, a link (routing.bus.link) joins them."""
