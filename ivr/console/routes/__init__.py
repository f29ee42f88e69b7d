"""The routes of the web API, one file a subject."""
