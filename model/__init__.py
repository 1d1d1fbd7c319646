"""What a plan is, and what follows from it. Pure: no files, no clock, no environment, no terminal."""
