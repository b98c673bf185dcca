#include "workers/http_pool.hpp"

#include <iterator>
#include <utility>

#include "workers/http_stream.hpp"

namespace genspool::workers {

using Steady = std::chrono::steady_clock;

HttpPool::HttpPool(std::size_t idle_max, std::chrono::milliseconds idle_age_max)
    : idle_max_(idle_max), idle_age_max_(idle_age_max) {}

HttpPool::~HttpPool() = default;

std::shared_ptr<HttpStream> HttpPool::take(const std::string& server,
                                           std::chrono::milliseconds age_max) {
    const auto now = Steady::now();
    drop_old(now);
    for (auto next = idle_.end(); next != idle_.begin();) {
        const auto idle = std::prev(next);
        if (now - idle->since > age_max) break;  // the rest is older still
        if (idle->server != server) {
            next = idle;
            continue;
        }
        auto stream = std::move(idle->stream);
        next = idle_.erase(idle);
        if (stream->quiet()) return stream;
    }
    return nullptr;
}

void HttpPool::put(std::string server, std::shared_ptr<HttpStream> stream) {
    const auto now = Steady::now();
    drop_old(now);
    idle_.push_back({std::move(server), std::move(stream), now});
    if (idle_.size() > idle_max_) idle_.pop_front();
}

void HttpPool::drop_old(Steady::time_point now) {
    while (!idle_.empty() && now - idle_.front().since > idle_age_max_)
        idle_.pop_front();
}

}  // namespace genspool::workers
