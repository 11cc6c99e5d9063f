"""One file per verb of `parley`: its options, and the parts it joins."""
