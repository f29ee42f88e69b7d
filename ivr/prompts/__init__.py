"""Names of prompts → media Asterisk plays; values → lists of prompts; texts → audio."""
