"""What is measured. Each module's `measure` yields rows of the table."""
