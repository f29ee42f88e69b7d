"""Who gets the call: numbers, opening hours, agents, queues, strategies, offers."""
