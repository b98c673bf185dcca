#include "tests/daemon/state_check.hpp"

#include <doctest/doctest.h>

#include "daemon/idle_state.hpp"
#include "daemon/verify_state.hpp"

namespace genspool::tests {

void check_state_directory(const std::string& directory) {
    try {
        for (const std::string& sentence : daemon::verify_state(directory, true).broken())
            FAIL_CHECK(sentence);
    } catch (const daemon::NotIdle& error) {
        FAIL_CHECK(error.what());
    }
}

}  // namespace genspool::tests
