"""What may go wrong with a therapy: how often, how badly, when, and what is done about it."""
