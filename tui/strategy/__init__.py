"""The Strategy screen: stages, goals, people and budget of a project."""
