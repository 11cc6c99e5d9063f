"""The sample newsroom: feeds that replay a timeline on its own clock."""
