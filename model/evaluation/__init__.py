"""How good the weights are, by measurement: control, distribution, what asking changes, and the report of it all."""
