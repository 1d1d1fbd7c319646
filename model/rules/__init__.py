"""The rules of `check`: what is wrong in a plan or worth a look, why, and what to do about it.

`check` looks for everything that a plan alone can tell. What shows itself while files are read is found by storage
and goes through `chosen`, so that a plan's settings count for both. `fixed` mends what can be mended safely. May use
the gates and the rooms below them.
"""
