#!/usr/bin/env bash
# Starts the product as the README's first command does, in an empty data folder, and waits until it answers with the
# demo province to a planner of the demonstration; then starts it again on the same folder. Prints how long both took. Fails when either does not come up.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d "${TMPDIR:-/tmp}/diaban-start.XXXXXX")
port=$(node -e 'const s=require("node:net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
server=
# npm does not hand signals on to what it starts, so the server and npm get a process group of their own.
end() {
  if [ -z "$server" ]; then return; fi
  kill -- "-$server" 2>/dev/null || true
  while kill -0 -- "-$server" 2>/dev/null; do sleep 0.2; done
  server=
}
finish() { end; rm -rf "$folder"; }
trap finish EXIT

answers() {
  node -e '
    const url = process.argv[1];
    const session = { method: "POST", headers: { "content-type": "application/json" }, body: "{\"demoRole\":\"planner\"}" };
    fetch(url + "/api/session", session)
      .then((signedIn) => signedIn.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; "))
      .then((cookie) => fetch(url + "/api/coverage/inspections", { headers: { cookie } }))
      .then((response) => response.json())
      .then(({ communes, simulated }) => process.exit(communes.length === 129 && simulated ? 0 : 1))
      .catch(() => process.exit(1));
  ' "http://127.0.0.1:$port"
}

start() {
  local began=$SECONDS
  DATA_DIR="$folder/data" PORT="$port" setsid npm start --silent > "$folder/log" 2>&1 &
  server=$!
  until answers; do
    if ! kill -0 "$server" 2>/dev/null || [ $((SECONDS - began)) -gt 180 ]; then
      cat "$folder/log" >&2
      echo "npm start did not come up within 180 s" >&2
      exit 1
    fi
    sleep 0.5
  done
  echo "$1 start: answering with 129 communes after $((SECONDS - began)) s"
  end
}

start first
start later
