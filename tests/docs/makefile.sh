#!/bin/sh
# The Makefile of README.md builds the page's programs against an installed coax. usage: makefile.sh BUILD SHOWN RUN-SCRIPT
# What CC, CFLAGS and LDFLAGS say in the environment goes into that build (sanitizers must be the library's).
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/coax-makefile.XXXXXX")
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/coax" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mkdir "$work/project"
cp "$2"/* "$work/project/"
PKG_CONFIG_PATH=$(dirname "$(find "$work/coax" -name coax.pc)")
export PKG_CONFIG_PATH
unset MAKEFLAGS MAKELEVEL
make -C "$work/project"
sh "$3" "$work/project/server" "$work/project/client"
