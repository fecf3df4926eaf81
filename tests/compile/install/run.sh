#!/bin/sh
# Installs coax from SOURCE and builds user/ against it in every way that is documented. Usage: run.sh SOURCE WORK
#
# Nothing here knows how coax is built inside: it uses `cmake --install`, the package and coax.pc, like a user.
set -eu

source=$1
work=$2
here=$(cd "$(dirname "$0")" && pwd)
jobs=$(nproc 2>/dev/null || echo 2)
# What the caller's own project was told must not leak into the user's.
unset CFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MAKELEVEL DESTDIR 2>/dev/null || true

# Functions set variables of the whole script, sh having no others: no two share a name unless they mean the same.
say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*"; exit 1; }

install_coax() # install_coax KIND CMAKE-ARGUMENT...: to $work/KIND
{
    kind=$1
    shift
    cmake -S "$source" -B "$work/build-$kind" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCOAX_BUILD_TESTS=OFF \
        -DCOAX_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX="$work/first-$kind" -DCMAKE_INSTALL_LIBDIR=lib "$@"
    cmake --build "$work/build-$kind" -j "$jobs"
    cmake --install "$work/build-$kind"
    # Moved, because people unpack and relocate installations; nothing may remember the first place.
    rm -rf "${work:?}/$kind"
    mv "$work/first-$kind" "$work/$kind"
}

# Serves on TCP, over loopback, and calls.
run_user() # run_user FOLDER
{
    rm -f "$1/address"
    mkfifo "$1/address"
    "$1/server" tcp://127.0.0.1:0 >"$1/address" &
    server=$!
    read -r address <"$1/address" || fail "the server did not start"
    "$1/client" "$address" || { kill "$server"; fail "the client"; }
    wait "$server" || fail "the server"
    rm -f "$1/address"
}

copy_user() # copy_user FOLDER: a project of its own, as schemas are edited
{
    rm -rf "$1"
    mkdir -p "$1"
    cp -R "$here/user/." "$1"
}

# The files below FOLDER written since the mark, without what build tools note for themselves.
written_since_mark()
{
    find "$1" -newer "$work/mark" -type f \( -name '*.o' -o -name '*.a' -o -name '*.[ch]' -o -name client -o -name server \)
}

expect_nothing_rebuilt() # expect_nothing_rebuilt FOLDER COMMAND...
{
    looked_at=$1
    shift
    touch "$work/mark"
    "$@" >"$work/output"
    ! grep -qE 'Compiling schema|idlc c ' "$work/output" || fail "idlc ran though nothing had changed"
    written=$(written_since_mark "$looked_at")
    [ -z "$written" ] || fail "rebuilt though nothing had changed: $written"
}

# After an edit of the imported schema: what includes it is built again, in both programs.
expect_dependants_rebuilt() # expect_dependants_rebuilt SCHEMAS FOLDER COMMAND...
{
    edited_in=$1
    looked_at=$2
    shift 2
    touch "$work/mark"
    sed 's|1: i64 cents;|1: i64 cents;  2: string? note @len(..80);|' "$edited_in/common/money.idl" >"$work/edited"
    cat "$work/edited" >"$edited_in/common/money.idl"
    "$@" >"$work/output"
    written=$(written_since_mark "$looked_at")
    # till.h rewritten too: it says how long a message with money in it may be, so idlc must have compiled both schemas.
    for name in money.h money.c till.h client server; do
        printf '%s\n' "$written" | grep -q "/$name\$" || fail "not rebuilt after an edit of money.idl: $name"
    done
    printf '%s\n' "$written" | grep -qE '/till(\.c)?\.o$' || fail "the importing schema's code was not compiled again"
}

# An edit that says nothing new: idlc looks again, and the build comes to rest.
expect_comment_is_no_change() # expect_comment_is_no_change SCHEMAS FOLDER COMMAND...
{
    edited_in=$1
    looked_at=$2
    shift 2
    echo '// A comment is not part of what comes out.' >>"$edited_in/common/money.idl"
    "$@" >"$work/output"
    grep -qE '(Compiling schema |schemas/)till.idl' "$work/output" || fail "an edit of money.idl did not reach till.idl"
    expect_nothing_rebuilt "$looked_at" "$@"
}

with_cmake() # with_cmake PREFIX GENERATOR FOLDER [CMAKE-ARGUMENT...]
{
    prefix=$1
    generator=$2
    folder=$3
    shift 3
    copy_user "$folder"
    cmake -S "$folder" -B "$folder/build" -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" "$@"
    cmake --build "$folder/build" -j "$jobs"
    run_user "$folder/build"
    expect_nothing_rebuilt "$folder/build" cmake --build "$folder/build" -j "$jobs"
    expect_dependants_rebuilt "$folder/schemas" "$folder/build" cmake --build "$folder/build" -j "$jobs"
    run_user "$folder/build"
    expect_nothing_rebuilt "$folder/build" cmake --build "$folder/build" -j "$jobs"
    expect_comment_is_no_change "$folder/schemas" "$folder/build" cmake --build "$folder/build" -j "$jobs"
}

with_make() # with_make PREFIX FOLDER
{
    copy_user "$2"
    PKG_CONFIG_PATH=$1/lib/pkgconfig
    export PKG_CONFIG_PATH
    make -C "$2" -j "$jobs"
    run_user "$2/out"
    expect_nothing_rebuilt "$2/out" make -C "$2"
    expect_dependants_rebuilt "$2/schemas" "$2/out" make -C "$2"
    run_user "$2/out"
    expect_comment_is_no_change "$2/schemas" "$2/out" make -C "$2"
    make -C "$2" -q || fail "make finds something to do though nothing had changed"
    unset PKG_CONFIG_PATH
}

# The program that came with it, in its new place.
with_program() # with_program PREFIX
{
    id=$(COAX_HOME=$1/home "$1/bin/coax" keygen) || fail "coax keygen of $1"
    [ "$(COAX_HOME=$1/home "$1/bin/coax" id)" = "$id" ] || fail "coax id of $1"
}

# A build for another machine (named so; the compiler is the same) must not run the idlc of its prefix.
when_cross_compiling()
{
    folder=$work/user-cross
    copy_user "$folder"
    mkdir -p "$work/host-tools"
    ln -sf "$work/static/bin/idlc" "$work/host-tools/idlc"
    PATH=$work/host-tools:$PATH cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_SYSTEM_NAME=Linux \
        -DCMAKE_SYSTEM_PROCESSOR=other -DCMAKE_FIND_ROOT_PATH="$work/shared" -DCMAKE_PREFIX_PATH="$work/shared"
    grep -q "^COAX_IDLC:FILEPATH=$work/host-tools/idlc\$" "$folder/build/CMakeCache.txt" ||
        fail "cross-compiling did not take the host's idlc"
}

without_idlc()
{
    folder=$work/user-no-idlc
    copy_user "$folder"
    mkdir -p "$work/no-idlc"
    cp -R "$work/static/." "$work/no-idlc"
    rm "$work/no-idlc/bin/idlc"
    if cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$work/no-idlc" \
        >"$work/output" 2>&1; then
        # A machine with an idlc of its own may find that one.
        grep -q '^COAX_IDLC:FILEPATH=/' "$folder/build/CMakeCache.txt" || fail "no idlc, and no error"
    else
        grep -q 'Set COAX_IDLC' "$work/output" || { cat "$work/output"; fail "the error does not name COAX_IDLC"; }
    fi
}

exports_coax_names_only()
{
    others=$(nm -D --defined-only "$work/shared/lib/libcoax.so" | awk '$3 !~ /^coax_/ { print $3 }')
    [ -z "$others" ] || fail "the shared library exports: $others"
}

rm -rf "$work"
mkdir -p "$work"

say "a static installation"
install_coax static
say "user project, CMake and Ninja"
with_cmake "$work/static" Ninja "$work/user-ninja"
say "user project, CMake and Make"
with_cmake "$work/static" "Unix Makefiles" "$work/user-unix-make"
say "user project, a Makefile of its own"
with_make "$work/static" "$work/user-make"
say "the coax program"
with_program "$work/static"

say "a shared installation without a compiler of its own"
install_coax shared -DBUILD_SHARED_LIBS=ON -DCOAX_BUILD_IDLC=OFF -DCOAX_IDLC="$work/static/bin/idlc"
exports_coax_names_only
say "the coax program, shared"
with_program "$work/shared"
say "user project, CMake and Ninja, shared"
with_cmake "$work/shared" Ninja "$work/user-shared" -DCOAX_IDLC="$work/static/bin/idlc"
say "an idlc of the host when cross-compiling, and a clear word when there is none"
when_cross_compiling
without_idlc
rm -rf "$work"
say "all of it worked"
