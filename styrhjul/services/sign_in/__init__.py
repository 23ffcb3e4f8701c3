"""Who somebody is: a code in a mail, the municipality's own sign-in service, an operator; sessions and users."""
