"""Records: the shape of everything that is kept in a plan's files. Uses pydantic alone."""
