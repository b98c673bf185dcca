#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <string>

#include "daemon/config.hpp"
#include "daemon/daemon.hpp"

namespace genspool::daemon {

/// How the process ends (sysexits.h where it has a number for it).
enum class ExitCode : int {
    ok = 0,
    failed = 1,
    usage = 2,
    not_found = 3,      ///< looking into a directory: there is none
    not_allowed = 4,    ///< looking into a directory: a daemon works there, or it may not be read
    store_failed = 75,  ///< the database could not be read or written
    bad_config = 78,    ///< also: a database of a newer version
};

struct ProgramOptions {
    std::string config_file;  ///< empty: /etc/genspool/genspool.toml, if there is one
    bool check_config = false;
    bool verbose = false;
};

/// Whatever reads keys does this first: a crash must not leave them in a file, nor a file that
/// others can read.
void protect_process();

/// What genspoold does, from its options to its exit code. Catches everything, logs it.
ExitCode run_program(const ProgramOptions& options);

}  // namespace genspool::daemon
