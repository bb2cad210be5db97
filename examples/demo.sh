#!/bin/sh
# The demo: a real Open WebUI, an example planned and applied, and a second plan that is empty.
set -eu
owui_sync=$(CDPATH= cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/support"

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -t 1 ] || say() { printf '\n%s\n' "$1"; }

say "1. A real Open WebUI (the first time this installs one, about 0.9 GB)"
"$owui_sync" sandbox up --name demo > .demo.env || exit 1
. ./.demo.env
rm -f .demo.env

say "2. What would be changed: owui-sync plan"
"$owui_sync" plan

say "3. Change it: owui-sync apply --yes"
"$owui_sync" apply --yes

say "4. Plan again: nothing to do"
"$owui_sync" plan

say "Look at it"
"$owui_sync" sandbox status
cat <<END

Sign in at the URL above with the login above: Workspace > Models and Prompts, Admin Panel > Users > Groups.
Edit examples/support/manifests, then plan and apply again:

    eval "\$($1 sandbox up --name demo)"    # prints the settings again
    cd examples/support && $owui_sync plan

Stop it with: make demo-stop
END
