"""Everything on one machine, and the view of it."""
