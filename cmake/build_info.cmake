# What a build says of itself (proto/build.hpp). Only one small file is compiled anew when the commit
# changes. A package is built from sources without a clone, too: GENSPOOL_COMMIT says it there.
set(GENSPOOL_COMMIT "" CACHE STRING "The commit these sources are; empty: git is asked at each build")
set(build_info ${CMAKE_BINARY_DIR}/build_info.cpp)
set(build_type ${CMAKE_BUILD_TYPE})
if(NOT build_type)
    set(build_type dev)
endif()
if(GENSPOOL_SANITIZE)
    string(APPEND build_type " ${GENSPOOL_SANITIZE}")
endif()
add_custom_target(genspool_build_info
    COMMAND ${CMAKE_COMMAND} -D SOURCE_DIR=${PROJECT_SOURCE_DIR} -D OUTPUT=${build_info}
        -D COMMIT=${GENSPOOL_COMMIT} -D VERSION=${PROJECT_VERSION} "-D TYPE=${build_type}"
        "-D COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
        -P ${PROJECT_SOURCE_DIR}/cmake/write_build_info.cmake
    BYPRODUCTS ${build_info} VERBATIM)
add_library(genspool_build STATIC ${build_info})
target_link_libraries(genspool_build PRIVATE genspool_flags)
add_dependencies(genspool_build genspool_build_info)
