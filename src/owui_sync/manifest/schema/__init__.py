"""What a manifest may say: the JSON schema, its errors in plain words, and `explain`."""
