# coax_add_idl: schemas become a library target.
#
#   coax_add_idl(<target> SCHEMAS a.idl... [IMPORT_DIRS folder...] [CLIENT] [SERVER])
#
# Compiles each schema with idlc and makes the static library <target> of what comes out; link it, and include "a.h",
# "a_client.h" or "a_server.h". CLIENT leaves the server side out, SERVER the client side; neither or both means both.
# IMPORT_DIRS are searched for imports that are not beside the importing schema. A schema that is imported must be in
# SCHEMAS too, or in another target that this one is linked with (target_link_libraries(<target> PUBLIC <other>)).
#
# Editing a schema compiles it again, and with it every schema that imports it; what comes out the same is not rebuilt by
# Ninja. COAX_IDLC names the compiler; it is set by itself, when cross-compiling to one found on the host.
#
# This file is installed beside coax-config.cmake and used inside coax's own tree too.

cmake_policy(PUSH)
cmake_policy(VERSION 3.20...3.25)

# Stops with what to do, if there is no compiler to run.
function(_coax_require_idlc)
    if(TARGET coax::idlc)
        return()
    endif()
    message(FATAL_ERROR "coax_add_idl: no idlc to run. Set COAX_IDLC to the path of one that runs on this machine: "
                        "-DCOAX_IDLC=/usr/bin/idlc")
endfunction()

# _coax_idl_outputs(<variable> <folder> <stem> <with-client> <with-server>): what idlc writes, as --list-outputs says.
function(_coax_idl_outputs variable folder stem with_client with_server)
    set(outputs ${folder}/${stem}.h ${folder}/${stem}.c)
    if(with_client)
        list(APPEND outputs ${folder}/${stem}_client.h ${folder}/${stem}_client.c)
    endif()
    if(with_server)
        list(APPEND outputs ${folder}/${stem}_server.h ${folder}/${stem}_server.c)
    endif()
    set(${variable} ${outputs} PARENT_SCOPE)
endfunction()

function(coax_add_idl target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "CLIENT;SERVER" "" "SCHEMAS;IMPORT_DIRS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "coax_add_idl(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_SCHEMAS)
        message(FATAL_ERROR "coax_add_idl(${target}): SCHEMAS names no file")
    endif()
    _coax_require_idlc()

    set(sides)
    set(with_client ON)
    set(with_server ON)
    if(arg_CLIENT AND NOT arg_SERVER)
        set(with_server OFF)
        list(APPEND sides --no-server)
    elseif(arg_SERVER AND NOT arg_CLIENT)
        set(with_client OFF)
        list(APPEND sides --no-client)
    endif()

    set(import_flags)
    foreach(folder IN LISTS arg_IMPORT_DIRS)
        get_filename_component(folder ${folder} ABSOLUTE)
        list(APPEND import_flags -I ${folder})
    endforeach()

    # A folder of its own, so that two targets may compile the same schema.
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_idl)
    file(MAKE_DIRECTORY ${folder})
    set(sources)
    set(stems)
    foreach(schema IN LISTS arg_SCHEMAS)
        get_filename_component(schema ${schema} ABSOLUTE)
        get_filename_component(stem ${schema} NAME_WLE)
        if(NOT EXISTS ${schema})
            message(FATAL_ERROR "coax_add_idl(${target}): there is no schema ${schema}")
        endif()
        if(stem IN_LIST stems)
            message(FATAL_ERROR "coax_add_idl(${target}): two schemas are called ${stem}.idl, and both would be "
                                "written to ${stem}.h. Give one its own target.")
        endif()
        list(APPEND stems ${stem})
        _coax_idl_outputs(outputs ${folder} ${stem} ${with_client} ${with_server})
        set(refresh)
        if(NOT CMAKE_GENERATOR MATCHES "Ninja")
            # idlc leaves a file alone that would not change. Ninja knows; Make would ask again on every build.
            set(refresh COMMAND ${CMAKE_COMMAND} -E touch ${outputs})
        endif()
        add_custom_command(
            OUTPUT ${outputs}
            COMMAND coax::idlc c ${sides} ${import_flags} -o ${folder} --depfile ${folder}/${stem}.d ${schema}
            ${refresh}
            DEPENDS ${schema} coax::idlc
            DEPFILE ${folder}/${stem}.d
            COMMENT "Compiling schema ${stem}.idl"
            VERBATIM)
        list(APPEND sources ${outputs})
    endforeach()

    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON LINKER_LANGUAGE C)
    target_compile_features(${target} PUBLIC c_std_11)
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${folder}>)
    target_link_libraries(${target} PUBLIC coax::coax)
endfunction()

# The compiler: in coax's own tree the one being built, elsewhere what coax-config.cmake found.
if(NOT TARGET coax::idlc)
    if(COAX_IDLC)
        add_executable(coax::idlc IMPORTED GLOBAL)
        set_target_properties(coax::idlc PROPERTIES IMPORTED_LOCATION ${COAX_IDLC})
    elseif(TARGET idlc AND NOT CMAKE_CROSSCOMPILING)
        add_executable(coax::idlc ALIAS idlc)
    endif()
endif()

cmake_policy(POP)
