"""Real classes that stand in for what a unit test cannot have."""
