// Nothing: what Node itself takes to run a file of this kind.
