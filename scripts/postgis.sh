#!/usr/bin/env bash
# A private PostgreSQL with PostGIS on a free loopback port, for tests, benchmarks and whoever wants the server at home.
#
#   scripts/postgis.sh start [FOLDER]   installs Debian's packages if need be, starts a cluster, prints its address:
#                                       postgres://diaban@127.0.0.1:PORT/diaban
#   scripts/postgis.sh stop  [FOLDER]   stops it; FOLDER keeps the data
#   scripts/postgis.sh run   COMMAND…   starts a cluster in a temporary folder, runs COMMAND with TEST_DATABASE_URL set,
#                                       stops it and removes the folder
#
# PostgreSQL refuses to run as root: called as root, the cluster belongs to the account "postgres".
set -euo pipefail

version=15
binaries=/usr/lib/postgresql/$version/bin

install_packages() {
  if [ ! -x "$binaries/initdb" ] || [ ! -e "/usr/share/postgresql/$version/extension/postgis.control" ]; then
    if [ "$(id -u)" != 0 ]; then
      echo "PostGIS is not installed. Run: sudo apt-get install postgresql-$version-postgis-3" >&2
      exit 1
    fi
    # the package would otherwise start a cluster of its own on port 5432
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "postgresql-$version-postgis-3"; } >&2
  fi
}

as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  node -e 'const s=require("node:net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

start() {
  local folder=$1 port
  install_packages
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
  if [ ! -e "$folder/data/PG_VERSION" ]; then
    as_owner "$binaries/initdb" -D "$folder/data" -U diaban --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    # sized for an office server; a fresh cluster's defaults are for 1996
    cat >> "$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
max_wal_size = 4GB
jit = off
CONF
  fi
  if ! as_owner "$binaries/pg_ctl" -D "$folder/data" status >/dev/null; then
    port=$(free_port)
    echo "$port" > "$folder/port"
    as_owner "$binaries/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -o "-p $port" -w start >/dev/null || {
      tail -n 20 "$folder/data/server.log" >&2
      exit 1
    }
  fi
  port=$(cat "$folder/port")
  if ! "$binaries/psql" -h 127.0.0.1 -p "$port" -U diaban -d diaban -c '' >/dev/null 2>&1; then
    "$binaries/createdb" -h 127.0.0.1 -p "$port" -U diaban diaban
  fi
  echo "postgres://diaban@127.0.0.1:$port/diaban"
}

stop() {
  as_owner "$binaries/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null
}

run() {
  local status=0
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/diaban-postgis.XXXXXX")
  chmod 755 "$temporary"
  trap 'stop "$temporary"; rm -rf "$temporary"' EXIT
  TEST_DATABASE_URL=$(start "$temporary")
  export TEST_DATABASE_URL
  "$@" || status=$?
  return $status
}

case ${1:-} in
  start) start "${2:-.postgis}" ;;
  stop) stop "${2:-.postgis}" ;;
  run) shift; run "$@" ;;
  *) sed -n '2,11p' "$0" >&2; exit 2 ;;
esac
