"""Messages to the receivers that `notify` of the configuration names, when a command has ended."""
