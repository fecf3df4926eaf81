# Reads "file:line:#include ..." and prints the includes that climb a layer or name a library out of place.

BEGIN {
    n = split("base wire secure link session rpc node", order, " ")
    for (i = 1; i <= n; i++) height[order[i]] = i
    # check and descriptor hold the numbers that schemas and messages are both measured by.
    split("bytes arena env error export version check descriptor", name, " ")
    for (i in name) is_base_header["coax/" name[i] ".h"] = 1
    core = " base wire secure link session rpc "
    # idlc's stages; fmt works on tokens, so it stands below meaning. Files beside them (main.c, cmd_*.c) see all.
    split("diag 1 front 1 fmt 2 sema 3 rules 4 plan 4 emit 5", stage, " ")
    for (i = 1; i in stage; i += 2) reach[stage[i]] = stage[i + 1]
    outside = "^(sys/(file|stat|socket|un|epoll|time|select|uio|random)|netinet/.*|arpa/.*|netdb|unistd|fcntl|poll|pthread|threads|signal|time)[.]h$"
}

{
    split($0, part, ":")
    file = part[1]
    where = part[1] ":" part[2] ": "
    match($0, /[<"][^>"]*[>"]/)
    target = substr($0, RSTART + 1, RLENGTH - 2)
    is_system = substr($0, RSTART, 1) == "<"

    if (target == "uv.h" && file !~ /^runtime\/src\/(transport|node)\// && file !~ /^(tests|examples)\//)
        print where "uv.h is for transport and node only"
    if (target == "sodium.h" && file !~ /^(runtime\/src\/secure|tests|examples)\//)
        print where "sodium.h is for secure only"
    if (target ~ /^msgpack/ && file !~ /\/any[^\/]*[.][ch]$/ && file !~ /^(tests|runtime\/cli)\//)
        print where "msgpack-c is for any.* and tests only"

    if (file ~ /^runtime\/src\//) check_layer()
    else if (file ~ /^runtime\/include\//) check_public()
    else if (file ~ /^idlc\//) check_idlc()
    else if (file ~ /^examples\//) check_example()
}

# The folder an include leads to, or "" for the including file's own folder and for the system.
function folder_of(path)
{
    gsub(/\.\.\//, "", path)
    return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : ""
}

function check_layer(   from, to)
{
    split(file, part, "/")
    from = part[3]
    if (!(from in height) && from != "transport") {
        print where "the layer '" from "' is not in tests/lint/layers.awk"
        return
    }
    if (index(core, " " from " ") && target ~ outside && file !~ /^runtime\/src\/(base\/env|secure\/(files|files_parts|files_write|store_file|home)[.])/)
        print where from " is pure: clock, sockets and threads come through the environment table, not " target
    to = folder_of(target)
    if (is_system || to == "" || to == from || to == "coax") return
    if (!(to in height) && to != "transport") {
        print where "'" to "' is no layer of the runtime"
        return
    }
    if (from == "transport" ? to != "base" : to == "transport" ? from != "node" : height[to] > height[from])
        print where from " may not include " to
}

function check_public()
{
    if (!is_system || target ~ /^(sys|netinet|arpa)\// || target ~ /^(unistd|poll|pthread)[.]h$/)
        print where "public headers include <coax/...> and C's own headers only"
}

function check_idlc(   from, to)
{
    split(file, part, "/")
    from = part[3] == "" ? "" : part[2]
    if (target ~ /^coax\// && !(target in is_base_header))
        print where "idlc knows the base headers only"
    to = folder_of(target)
    if (!is_system && to in height && to != "base")
        print where "idlc may not include " to
    if (from != "" && !(from in reach))
        print where "the stage '" from "' is not in tests/lint/layers.awk"
    else if (!is_system && from != "" && to != from && (to in reach) && reach[to] >= reach[from] && reach[from] > 1)
        print where from " may not include " to
    else if (!is_system && (to in reach) && reach[from] == 1 && reach[to] > 1)
        print where from " may not include " to
}

function check_example()
{
    if (target ~ /^(base|wire|secure|link|session|rpc|node|transport)\//)
        print where "examples are user code: public headers only"
}
