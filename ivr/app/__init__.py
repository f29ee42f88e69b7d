"""Composition root: the only place that builds the parts of the service and wires them."""
