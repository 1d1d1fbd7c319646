"""The Operate screen: what runs, what it shows, and what no one watches. May use screens and below."""
