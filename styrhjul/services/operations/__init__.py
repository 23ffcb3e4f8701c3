"""Running an installation: the pulse, its figures and doctor, backup and hold, what is ordered; and the demo's play."""
