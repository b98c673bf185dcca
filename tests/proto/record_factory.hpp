#pragma once

#include <random>

#include "proto/job.hpp"

/// Records and specs filled from a seed: any member may hold anything, defaults included.
namespace genspool::tests {

class RecordFactory {
public:
    explicit RecordFactory(std::uint64_t seed) : random_(seed) {}

    proto::JobRecord record();
    proto::JobSpec spec();

private:
    std::uint64_t number(std::uint64_t below);
    bool coin() { return number(2) == 0; }
    std::uint32_t count() { return coin() ? 0 : static_cast<std::uint32_t>(random_()); }
    std::string text();
    proto::Instant moment();
    proto::Micros micros();
    template <class Make>
    auto maybe(Make make) -> std::optional<decltype(make())> {
        if (coin()) return std::nullopt;
        return make();
    }
    proto::Failure failure();
    proto::Artifact artifact();
    proto::Task task();
    proto::Money money();
    proto::OnUnknown on_unknown();

    std::mt19937_64 random_;
};

}  // namespace genspool::tests
