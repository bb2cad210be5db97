"""Jobs: what is run on the server once its configuration converged. From due jobs of a plan to results.

runner      which one when, how many at a time
work        one job from its beginning to its end, whatever it is
run         what its chat remembers of it, so that nothing is asked twice
chat, research, task, archive     what each type does
given       what a chat gets besides its questions
outputs     where the answer goes
expect      whether it is what it should be
"""
