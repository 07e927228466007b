"""Random mutations of every input that Dropsmith reads, a kind of input at a time in a process of its own.

    python -m tests.mutations --minutes 60 [--only midi] [--seed N]

An input is some files in a working folder. It is right to take one, or to refuse it in one printable line. Whatever
else happens is a failure: another error, a traceback on the output, more than ten seconds or a gigabyte, a file changed
that was not to be written. Valid inputs are made by the project's own code. `tests/test_mutations.py` runs a few
hundred of each kind with fixed seeds; by hand it goes on for as long as it is given, and each failure is told with its
kind, its seed and a copy of the files that did it.

`kinds.py` is the table of all kinds. The rooms that it names (`songs.py` and others) make the valid inputs of a kind,
say how they are read, and hold the mutations of formats that nobody else has.
"""
