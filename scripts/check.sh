#!/usr/bin/env bash
# All linters, in under a minute: style, types, floors, and pages drawn from code. Every one of
# them runs, whatever the ones before it found; exit 1 when any found something.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x .venv/bin/python ]; then
    echo "check: there is no .venv; run scripts/setup first" >&2
    exit 1
fi
PATH="$PWD/.venv/bin:$PATH"
export PATH

failed=()

check() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

check "ruff check" ruff check .
check "ruff format" ruff format --check .
check "mypy" mypy
check "lint-imports" lint-imports
check "draw_states" python scripts/draw_states.py --check

if [ ${#failed[@]} -gt 0 ]; then
    printf 'check: failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
