"""Work of several steps in one stored chat: research, and tasks that are worked on with tools.

A run is a state machine whose state lies in the chat on the server, and whose messages have ids that follow from the
run and the step: a run that was killed goes on at the step that it had reached, and asks nothing twice that was
answered.
"""

STEPS = 3
"""How many questions a research plans where nothing else is said."""

BREADTH = 2
"""How many questions at the most are asked below one where nothing else is said."""

CONCURRENCY = 4
"""How many questions of a research programs ask at once where nothing else is said."""

RETRIES = 4
"""How often a step that failed is tried again where nothing else is said; a provider may be busy for some seconds."""

MAX_ITERATIONS = 25
"""How many turns a task takes at the most where nothing else is said."""
