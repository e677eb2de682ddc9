#!/usr/bin/env bash
# A real Gitea on loopback, for the tests that are skipped by name without one. Built once from its Go module into
# the lab's folder (about 7 minutes, needs Go and gcc); starts in a few seconds.
#   gitea.sh build           builds it
#   gitea.sh status          ends with 0 where it is built
#   gitea.sh run COMMAND...  starts one in a temporary folder, runs the command with GITEA_URL, GITEA_TOKEN (all rights) and
#                            GITEA_READER_TOKEN (may only read), and ends it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${DRAWBRIDGE_LAB:-${LAB_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/drawbridge-lab}}
gitea=$lab/bin/gitea

build() {
  mkdir -p "$lab/bin"
  # SQLite comes as C.
  CGO_ENABLED=1 GOTOOLCHAIN=local go build -C "$here/gitea" -trimpath -tags 'sqlite sqlite_unlock_notify' -o "$gitea" code.gitea.io/gitea
}

free_port() {
  node -e 'const s=require("node:net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

configure() { # folder port
  mkdir -p "$1/custom/conf"
  cat >"$1/custom/conf/app.ini" <<INI
RUN_MODE = prod
WORK_PATH = $1
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = $2
ROOT_URL = http://127.0.0.1:$2/
STATIC_ROOT_PATH = $(go list -C "$here/gitea" -m -f '{{.Dir}}' code.gitea.io/gitea)
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = $1/gitea.db
[security]
INSTALL_LOCK = true
SECRET_KEY = only-for-tests
[repository]
DEFAULT_BRANCH = main
[actions]
ENABLED = false
[log]
LEVEL = Error
INI
}

token() { # folder user scopes
  "$gitea" -c "$1/custom/conf/app.ini" admin user generate-access-token --username "$2" --scopes "$3" --token-name tests --raw | tail -n 1
}

run() {
  local folder port user
  folder=$(mktemp -d)
  port=$(free_port)
  configure "$folder" "$port"
  # Gitea refuses to run as root unless told; one on loopback in a temporary folder may be told.
  (
    export HOME=$folder GITEA_WORK_DIR=$folder GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT=true
    "$gitea" web -c "$folder/custom/conf/app.ini" >"$folder/log" 2>&1 &
    echo $! >"$folder/pid"
    for _ in $(seq 200); do curl -sf "http://127.0.0.1:$port/api/healthz" >/dev/null && break || sleep 0.3; done
    for user in lab reader; do
      "$gitea" -c "$folder/custom/conf/app.ini" admin user create --username "$user" --password only-for-tests \
        --email "$user@example.invalid" --must-change-password=false --admin="$([ "$user" = lab ] && echo true || echo false)" >/dev/null
    done
    printf 'export GITEA_URL=http://127.0.0.1:%s GITEA_TOKEN=%s GITEA_READER_TOKEN=%s\n' "$port" \
      "$(token "$folder" lab all)" "$(token "$folder" reader read:repository)" >"$folder/env"
  )
  # shellcheck disable=SC2064
  trap "kill $(cat "$folder/pid") 2>/dev/null || true; rm -rf '$folder'" EXIT
  # shellcheck source=/dev/null
  . "$folder/env"
  "$@"
}

# Templates and locale come from the module itself.
usable() {
  [ -x "$gitea" ] && [ -d "$(go list -C "$here/gitea" -m -f '{{.Dir}}' code.gitea.io/gitea 2>/dev/null)" ]
}

case ${1:-} in
  build) build ;;
  status) usable ;;
  run)
    usable || { echo "gitea.sh: there is no $gitea; run gitea.sh build" >&2; exit 69; }
    shift
    run "$@"
    ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 64
    ;;
esac
