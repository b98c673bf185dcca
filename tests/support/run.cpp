#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace genspool::tests {

void run(boost::asio::io_context& io, boost::asio::awaitable<void> task) {
    std::exception_ptr thrown;
    auto ended = [&thrown](std::exception_ptr error) { thrown = std::move(error); };
    boost::asio::co_spawn(io, std::move(task), ended);
    io.restart();
    io.run();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace genspool::tests
