#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/problem.hpp"
#include "daemon/request.hpp"
#include "proto/money.hpp"

namespace genspool::daemon {

/// Reads a request's query parameters strictly: what nobody asked for is refused by finish(). The
/// first thing wrong is kept; a wrong value reads as if it were absent.
class Query {
public:
    explicit Query(const Request& request) : request_(request) {}

    std::optional<std::string> text(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    std::optional<std::uint64_t> count(std::string_view name, std::uint64_t min, std::uint64_t max);
    std::optional<proto::Micros> amount(std::string_view name);  ///< as in "5.00"
    bool flag(std::string_view name);  ///< "true" or "false"; absent is false

    void refuse(std::string_view name, std::string detail);
    /// What is wrong, parameters that were not asked for included.
    std::optional<Problem> finish();

private:
    const Request& request_;
    std::vector<std::string_view> known_;
    std::optional<Problem> problem_;
};

}  // namespace genspool::daemon
