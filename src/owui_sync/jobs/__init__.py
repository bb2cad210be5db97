"""Jobs: what is run on the server once its configuration converged. From due jobs of a plan to results.

runner      which job when, and how many at a time
execution   one job from its beginning to its end, whatever it is
spec        what a job of each type is to do, with defaults
run         what its chat remembers of it, so that nothing is asked twice
chat, research, task, archive     what each type does
context     what a chat gets besides its questions
outputs     where the answer goes
expect      whether the answer meets the expectations
"""
