"""What a pipeline does with a plan, through the API of the forge that it runs on: comments, issues, summaries."""
