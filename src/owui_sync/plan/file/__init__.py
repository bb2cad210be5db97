"""The document of a plan: one table of keys gives its schema, the way into JSON and the way back."""
