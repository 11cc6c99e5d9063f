"""Single statements from outside: where their speaker stands in the text, and their lines in and out."""
