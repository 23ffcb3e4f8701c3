"""The commands: parse, one service, print. One file per group; heavy imports wait until a command runs."""
