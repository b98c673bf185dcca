#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "workers/clock.hpp"

namespace genspool::daemon::hooks {

struct ChildSetup {
    std::vector<std::string> command;      ///< a program's path and its arguments
    std::vector<std::string> environment;  ///< "NAME=value"; nothing else is in it
    std::string input;                     ///< on its standard input
    proto::Duration timeout{60'000};       ///< then it is asked to end, and soon made to
};

/// Runs a program in a process group of its own, with no descriptor of ours but standard output and
/// error, and waits for its end. Empty: it ended with 0; else what went wrong, in words. When the
/// caller is cancelled the group is ended first.
boost::asio::awaitable<std::string> run_child(boost::asio::any_io_executor executor,
                                              workers::Clock& clock, ChildSetup setup);

}  // namespace genspool::daemon::hooks
