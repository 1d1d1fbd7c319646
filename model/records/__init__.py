"""Records: the shape of everything that is kept in a plan's files. May use text and pydantic."""
