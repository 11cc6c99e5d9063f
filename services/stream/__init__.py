"""The worker: where Faust and the stance model meet."""
