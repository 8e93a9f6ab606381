#!/bin/sh
# Makes what compose.yaml expects in secrets/: once, nothing that is there is touched. Run it as root: the
# files then belong to the users of the containers, each to who may know it.
set -eu
umask 027
mkdir -p secrets
make() {
  [ -e "secrets/$1" ] || printf '%s' "$2" >"secrets/$1"
}
random() {
  node -p 'require("node:crypto").randomBytes(33).toString("base64url")'
}
make rostrum_secret "$(random)"
make s3_secret "$(random)"
make owner_password "$(random)"
make owner_url "postgres://rostrum_owner:$(cat secrets/owner_password)@postgres/rostrum"
make web_url "postgres://rostrum_web:$(random)@postgres/rostrum"
make scorer_url "postgres://rostrum_scorer:$(random)@postgres/rostrum"
# Each file goes to the user that reads it: the web never reads the scorer's address, nor the owner's. 999 is PostgreSQL's in its image.
if [ "$(id -u)" = 0 ]; then
  chown 10001:10000 secrets/web_url
  chown 10002:10000 secrets/scorer_url secrets/owner_url secrets/rostrum_secret secrets/s3_secret
  chown 999 secrets/owner_password
  chmod 440 secrets/web_url secrets/rostrum_secret secrets/s3_secret
  chmod 400 secrets/scorer_url secrets/owner_url secrets/owner_password
fi
