"""What regulators decided about a product: its actions, its status at a date, and its timeline."""
