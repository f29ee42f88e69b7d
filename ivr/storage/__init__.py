"""What is kept: calls, agents, tickets, recordings and what is owed to other systems."""
