"""The client library: `facade` (asynchronous), `sync` (derived from it), and below both the plain typed `api`."""
