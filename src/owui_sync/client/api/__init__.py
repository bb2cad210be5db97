"""The plain typed API: one file per area of the server, functions that take the client first.

What takes a `Reader` only reads; what takes a `Writer` writes. All raise the `ClientError` that fits, and answer with
rows as the server gives them. The docstrings say how many requests a function costs and what to beware of.
Facts are measured on 0.12.4 unless another version is named.
"""
