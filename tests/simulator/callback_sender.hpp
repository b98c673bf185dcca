#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator {

/// Makes the callbacks of one task, over plain HTTP, in their order: first the challenge if
/// there is one, and if that is not answered rightly within three seconds nothing more. Its times
/// begin when it is made.
class CallbackSender {
public:
    CallbackSender(const boost::asio::any_io_executor& executor, Callbacks plan);

    /// The challenge, and what is due at once.
    boost::asio::awaitable<void> begin();
    /// All that begin() has left, or all.
    boost::asio::awaitable<void> run();
    /// Ends whatever is under way.
    void abort();

private:
    boost::asio::awaitable<bool> challenge();
    /// The body of a 200; nullopt: there was none in time.
    boost::asio::awaitable<std::optional<std::string>> post(std::string body);

    Callbacks plan_;
    std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
    boost::asio::steady_timer timer_;
    boost::beast::tcp_stream stream_;
    std::size_t next_ = 0;
    bool begun_ = false;
    bool over_ = false;  ///< nothing more is sent
};

}  // namespace genspool::simulator
