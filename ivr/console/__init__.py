"""The console: web API, live push to desks, sign-in; ``web/`` holds the front-end sources."""
