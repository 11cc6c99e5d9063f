"""One file per channel: sends one message and says whether to retry, never when."""
