#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>

namespace genspool::workers {

class HttpStream;

/// Connections that have answered and wait for the next call to the same server. Bounded in number
/// and age; the oldest goes first. Event-loop thread only.
class HttpPool {
public:
    HttpPool(std::size_t idle_max, std::chrono::milliseconds idle_age_max);
    ~HttpPool();
    HttpPool(const HttpPool&) = delete;
    HttpPool& operator=(const HttpPool&) = delete;

    /// The connection to `server` that answered last, if that was at most `age_max` ago and it
    /// still looks alive; else null.
    std::shared_ptr<HttpStream> take(const std::string& server, std::chrono::milliseconds age_max);

    /// Keeps a connection whose last reply was complete just now.
    void put(std::string server, std::shared_ptr<HttpStream> stream);

    std::size_t size() const { return idle_.size(); }

private:
    struct Idle {
        std::string server;
        std::shared_ptr<HttpStream> stream;
        std::chrono::steady_clock::time_point since;
    };

    void drop_old(std::chrono::steady_clock::time_point now);

    std::size_t idle_max_;
    std::chrono::milliseconds idle_age_max_;
    std::list<Idle> idle_;  ///< oldest first
};

}  // namespace genspool::workers
