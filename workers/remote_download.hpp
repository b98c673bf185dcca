#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "workers/http.hpp"
#include "workers/sleepers.hpp"

namespace genspool::workers {

/// The body of a reply between the call that receives it and somebody who reads it at his own
/// speed: one piece lies here at most, and the upstream waits meanwhile. One reader. Event-loop
/// thread only.
class RemoteDownload : public BodySink {
public:
    explicit RemoteDownload(boost::asio::any_io_executor executor);

    // The call's side.
    boost::asio::awaitable<bool> begin(HttpHead head) override;
    boost::asio::awaitable<bool> write(std::string piece) override;
    /// Nothing more comes.
    void ended(HttpReply reply);

    // The reader's side.
    /// Waits for the reply's head; false: the call has ended without one.
    boost::asio::awaitable<bool> begun();
    const HttpHead& head() const { return head_; }
    /// The next bytes; nullopt: there are no more, and end() says why.
    boost::asio::awaitable<std::optional<std::string>> next();
    /// How the call ended: `complete`, or what went wrong. `cancelled` while it goes on.
    const HttpReply& end() const { return end_; }
    /// Nobody reads any more.
    void close();

private:
    Sleepers reader_;
    Sleepers writer_;
    HttpHead head_;
    std::string piece_;  ///< not yet read; empty: none
    HttpReply end_;
    bool has_head_ = false;
    bool has_ended_ = false;
    bool closed_ = false;
};

}  // namespace genspool::workers
