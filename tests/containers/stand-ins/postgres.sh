#!/bin/bash
# As the entrypoint of the image `postgres` does it: steps down from root, makes the cluster with a server that listens to its socket
# alone, then starts the one that all others reach.
set -e
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec gosu postgres "$0" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile=<(cat "$POSTGRES_PASSWORD_FILE") --auth-local=trust --auth-host=scram-sha-256
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  # The image runs what lies in docker-entrypoint-initdb.d meanwhile: long enough for a health check to look.
  sleep "${PAUSE_BEFORE_READY:-6}"
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
