"""What Flower needs to find the workers: the broker of docker-compose.yml, and what our keys begin with."""  # noqa: INP001 - read by its name, from a folder of Flower's

broker_url = "redis://redis:6379/0"
broker_transport_options = {"global_keyprefix": "styrhjul:"}
