# One image for every process; the command says which: web, worker, beat, migrate or backup.
# The Debian it stands on is named: it decides which PostgreSQL the client below is of.
FROM python:3.13-slim-trixie

ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PYTHONSAFEPATH=1 PYTHONPATH=/srv/styrhjul STYRHJUL_DATA_DIR=/var/lib/styrhjul

# pg_dump, pg_restore and psql for `backup` and `restore`: of the version of docker-compose.yml's server, never an older.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*

# What the program needs, with what speaks to a collector of traces: nothing of that is loaded until one is named.
COPY requirements-traces.lock /srv/styrhjul/
RUN pip install --no-cache-dir --require-hashes --no-deps -r /srv/styrhjul/requirements-traces.lock

COPY pyproject.toml /srv/styrhjul/
COPY config /srv/styrhjul/config
COPY examples /srv/styrhjul/examples
COPY styrhjul /srv/styrhjul/styrhjul
COPY tasks /srv/styrhjul/tasks
COPY templates /srv/styrhjul/templates
COPY workflows /srv/styrhjul/workflows

RUN useradd --system --uid 10001 styrhjul && install -d -o styrhjul -m 0700 /var/lib/styrhjul /var/backups/styrhjul
USER styrhjul
WORKDIR /var/lib/styrhjul
VOLUME /var/lib/styrhjul
EXPOSE 8000

ENTRYPOINT ["python", "-m", "styrhjul"]
CMD ["web"]
