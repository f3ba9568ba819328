"""Side-by-side measurements, each printing a ratio against a peer or a limit from the same run."""
