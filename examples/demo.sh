#!/bin/sh
# The demo: start a real Open WebUI, plan and apply an example, show that a second plan is empty, and test a broken change.
# Usage: demo.sh PATH-TO-OWUI-SYNC
set -eu
owui_sync=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/support"

say() {
    if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$1"; else printf '\n%s\n' "$1"; fi
}

say "1. Start a real Open WebUI (the first time, it downloads about 0.9 GB)"
"$owui_sync" sandbox down --name demo >/dev/null 2>&1 || true
"$owui_sync" sandbox up --name demo > .env
. ./.env

say "2. owui-sync plan: what would change"
"$owui_sync" plan

say "3. owui-sync apply: change it"
"$owui_sync" apply --yes

say "4. owui-sync plan: nothing left to do"
"$owui_sync" plan

say "5. owui-sync test: a change that would break the server is found before anything is live"
change=$(mktemp -d)
trap 'rm -rf "$change"' EXIT
cp -R manifests texts owui-sync.yaml "$change"
cat > "$change/manifests/faq.yaml" <<'END'
version: 1
knowledge:
  FAQ:
    files:
      - {name: invoices.md, content: "Invoices are in the account menu."}
      - {name: empty.md, content: " "}    # Valid, but the server cannot read it.
END
if (cd "$change" && "$owui_sync" test --quiet); then
    echo "The test should have failed" >&2
    exit 1
fi
say "   ... and after it is mended"
grep -v empty.md "$change/manifests/faq.yaml" > "$change/mended" && mv "$change/mended" "$change/manifests/faq.yaml"
(cd "$change" && "$owui_sync" test --quiet)

say "Look at it: $OWUI_URL"
grep login .env | sed 's/^# .*, login/Sign in with/'
cat <<END
Then see Workspace > Models, Workspace > Prompts, and Admin Panel > Users > Groups.

Continue on your own:
    cd examples/support && . ./.env
    $owui_sync plan        # after an edit of manifests/, or a change in the web page

Stop it with: make demo-stop
END
