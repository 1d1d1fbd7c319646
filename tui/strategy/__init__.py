"""The Strategy screen: what a project wants, by which stages, with whom, for how much. May use screens and below."""
