"""Makes the changes of a plan, one request after the other, and writes down what was done."""
