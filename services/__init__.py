"""The edges: the only room that talks to the world."""
