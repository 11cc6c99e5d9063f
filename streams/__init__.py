"""What flows, and what it means."""
