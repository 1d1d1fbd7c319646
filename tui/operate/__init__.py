"""The Operate screen: tracks, rollouts, and monitors with what fired and what is not covered."""
