"""What lines tell of a run besides its events, so that they tell what the full screen shows.

    teller.py     what is known by an event: the plan, the survey, what was left alone
    turns.py      the lines of events, those of a model's turn put into one
    attention.py  what is so at a moment: a question to a person, trouble, how far the run is
    lists.py      all of one thing, for `runs show --list`
    plan.py, survey.py, left.py, questions.py, pace.py
                  one subject each, in words

What it all means is worked out by `archaeologist_tui.reading` and `archaeologist.review`, for both; none of it loads
Textual. Every text is one line that makes sense when it is read aloud; what is long is summed up, with the command
that lists all of it.
"""
