#!/bin/sh
# Prepares a new data folder and runs the scripts in the folder for them, each in this shell; then listens.
set -eu
: "${POSTGRES_PASSWORD:?}"
touch /var/run/postgresql/.s.PGSQL.5432.lock
mkdir -p "$PGDATA"
if [ ! -e "$PGDATA/PG_VERSION" ]; then
  for script in /docker-entrypoint-initdb.d/*.sh; do . "$script"; done
  echo 17 >"$PGDATA/PG_VERSION"
fi
sleep 2
nc -ll -p 5432 -e true &
trap 'exit 0' INT TERM
wait
