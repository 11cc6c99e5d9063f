"""What an alert looks like in each channel: pure."""
