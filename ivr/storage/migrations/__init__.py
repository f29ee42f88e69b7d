"""The database's migrations, in order of their numbers."""
