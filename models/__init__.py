"""The stance reader in the order of its life: corpus, train, evaluate, export, predict."""
