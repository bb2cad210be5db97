"""Says what was planned and what was done: text, documents, pages and progress."""
