"""A room with locked doors: what strangers wrote is read by a child process that has next to nothing within reach.

`program` is the parent's side, `limits` and `network` are the child's, `launch` is for programs that are not ours.
"""
