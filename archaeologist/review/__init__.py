"""What a person reviews: the commits of a run as hunks, each with the edits that made it and why they are believed.

    model.py       commits, hunks, what was left alone: plain values
    reading.py     reads them from git objects, artefacts and notes, while a run goes on and when it is long over
    evidence.py    where the edits of a commit are told: artefacts, or the ledger that the branch carries
    traces.py      which bytes an edit is about, before and after its commit
    places.py      which lines these are, and which hunk
    left_alone.py  what nobody edited, and why
    items.py, conversations.py
                   what agents with a model work on, and what is said there
    filtering.py   `rule:AR012 level:proved path:app/ word`
    grouping.py    by rule, by file, by agent, and the sum of it

Knows no screen and no command: whoever shows hunks, or decides on them, stands on this.
"""
