"""How the files of one knowledge base are brought to an exact set."""
