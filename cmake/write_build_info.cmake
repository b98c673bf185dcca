# Writes OUTPUT if what it would say has changed. Run by the build, see build_info.cmake.
if(NOT COMMIT)
    set(COMMIT unknown)
    find_program(GIT git)
    # Sources that merely lie somewhere below another clone are none of that one's commits.
    if(GIT AND EXISTS ${SOURCE_DIR}/.git)
        execute_process(COMMAND ${GIT} describe --always --dirty --abbrev=12 --exclude *
            WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE described ERROR_QUIET
            OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
        if(NOT failed)
            set(COMMIT ${described})
        endif()
    endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "proto/build.hpp"

namespace genspool::proto {

const Build& build() {
    static constexpr Build built{"@VERSION@", "@COMMIT@", "@TYPE@", "@COMPILER@"};
    return built;
}

}  // namespace genspool::proto
]])
