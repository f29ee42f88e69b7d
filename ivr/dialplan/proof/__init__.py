"""The path proof: shows of a dialplan that every caller is served, or names one who is not."""
