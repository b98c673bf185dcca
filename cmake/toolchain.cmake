# Compiler flags, the compiler cache and the linker. One interface target carries them to our own
# code, so that nothing here reaches a third party's headers.

find_program(CCACHE ccache)
if(CCACHE)
    # GCC's precompiled headers and ccache meet only with the sloppiness and -fpch-preprocess; with
    # the base directory one clone serves the next. What a file includes is taken from the compiler's
    # list: to preprocess it first, as ccache would, is to read Clang's precompiled headers as text.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess)
    endif()
endif()

find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

add_library(genspool_flags INTERFACE)
target_include_directories(genspool_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(genspool_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    # GCC takes the allocator of Asio's coroutine frames, once inlined, for a mismatch.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Optimising, it finds overflows in std::string's own concatenation (bug 105651).
    target_compile_options(genspool_flags INTERFACE
        -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()
target_compile_definitions(genspool_flags INTERFACE
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
    # Coroutine frames from malloc's caches: aligned_alloc() has none, and nothing here needs it.
    $<$<CONFIG:Release>:BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN>
    $<$<BOOL:${GENSPOOL_KILL_POINTS}>:GENSPOOL_KILL_POINTS>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(genspool_flags INTERFACE -w)  # GCC's build is the one that warns
endif()
if(GENSPOOL_SANITIZE)
    target_compile_definitions(genspool_flags INTERFACE GENSPOOL_SANITIZED)
    add_compile_options(-fsanitize=${GENSPOOL_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${GENSPOOL_SANITIZE})
    if(GENSPOOL_SANITIZE MATCHES "thread")
        # Asio's fences are not understood by ThreadSanitizer; the finding is not ours to fix.
        target_compile_options(genspool_flags INTERFACE -Wno-error=tsan)
    else()
        # A null pointer stops under AddressSanitizer as well; these two checks at every access made
        # a third of the compiler's work.
        add_compile_options(-fno-sanitize-recover=all -fno-sanitize=null,alignment)
    endif()
    # Instrumented code hides from GCC what is initialised (bug 105562, in <regex> among others).
    target_compile_options(genspool_flags INTERFACE
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

if(GENSPOOL_COVERAGE)
    add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
    add_link_options(-fprofile-instr-generate)
endif()

# genspool_library(NAME PCH header… LINK lib… PRIVATE lib… EXCLUDE regex…): one library from this
# folder's sources. A folder that holds none yet still has its name, so that others can link it.
function(genspool_library name)
    cmake_parse_arguments(ARG "" "" "PCH;LINK;PRIVATE;EXCLUDE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
    foreach(pattern "/main\\.cpp$" ${ARG_EXCLUDE})
        list(FILTER sources EXCLUDE REGEX "${pattern}")
    endforeach()
    if(NOT sources)
        set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
        file(CONFIGURE OUTPUT ${sources} CONTENT "")
    endif()
    add_library(${name} STATIC ${sources} ${headers})
    target_link_libraries(${name} PUBLIC genspool_flags ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
    if(ARG_PCH)
        target_precompile_headers(${name} PRIVATE ${ARG_PCH})
    endif()
endfunction()

# genspool_compile_soon(TARGET [SANITIZED]): its speed matters less than how soon it is compiled, or
# only with SANITIZED where instrumented code takes the compiler twice as long. Never in a release.
function(genspool_compile_soon target)
    if(NOT CMAKE_BUILD_TYPE AND (GENSPOOL_SANITIZE OR ARGC EQUAL 1))
        target_compile_options(${target} PRIVATE -O0)
    endif()
endfunction()

# genspool_only_addresses(TARGET): a test, which AddressSanitizer watches; undefined behaviour is
# looked for in what it tests, since those checks take a quarter of the compiler's time.
function(genspool_only_addresses target)
    if(GENSPOOL_SANITIZE MATCHES "undefined")
        target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
    endif()
endfunction()
