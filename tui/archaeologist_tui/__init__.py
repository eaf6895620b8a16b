"""The full-screen view of runs.

    app.py         the application: screens, themes, keys, what is told to the terminal
    feed.py        reads a run and tells screens when its picture changed
    messages.py    what screens ask the application to tell the terminal
    actions.py     every action of a screen, for the palette
    keys.py        all keys; keymap.py: other ones, and what they are in the way of; chains.py: who hears a key
    key_names.py   what keys are called, and which one was meant
    preferences.py theme and keys as they are tried and kept
    picture.py     all that a screen shows of a run at one moment
    opened.py      what a screen of a run is made for
    screens/       one screen a file, with its stylesheet beside it
    widgets/       one widget a file

Runs are read through `RunSource` and told things through `RunControls`, and nothing here imports a server, a worker or
Temporal's SDK: live runs and recorded ones drive the same screens.
"""
