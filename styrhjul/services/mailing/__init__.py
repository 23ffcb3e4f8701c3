"""What a mail says, whom it is to and when it may leave, up to the row of the outbox that is sent as it stands."""
