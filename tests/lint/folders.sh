#!/bin/sh
# Rule: the top of the tree holds the seven folders and the few files that people look for there.
rule_dir=$(cd "$(dirname "$0")" && pwd)
. "$rule_dir/lib.sh"

allowed=' idlc runtime schemas generated examples tests docs build .git .ci .cache .vscode .idea
 CMakeLists.txt CMakePresets.json CMakeUserPresets.json README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md dev
 .clang-format .clang-tidy .editorconfig .gitignore .gitattributes .github .gitlab-ci.yml compile_commands.json '
allowed=$(printf '%s' "$allowed" | tr '\n' ' ')

for name in * .*; do
    case $name in
    . | .. | '*' | '.*' | expected) continue ;;
    esac
    case "$allowed" in
    *" $name "*) ;;
    *) printf '%s:1: not one of the folders and files that belong at the top\n' "$name" ;;
    esac
done | report "Put it into idlc, runtime, schemas, generated, examples, tests or docs."
