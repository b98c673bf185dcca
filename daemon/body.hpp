#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/problem.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

/// A body read whole, or what is wrong with it.
struct WholeBody {
    std::string bytes;
    std::optional<Problem> problem;

    WholeBody() = default;
};

/// Reads what is left of the body after `begun`, up to `bytes_max` in all.
boost::asio::awaitable<WholeBody> read_body(Request& request, std::string begun,
                                            std::uint64_t bytes_max);

/// What is wrong with a body that did not end well.
Problem body_problem(BodyState state);

/// A small JSON object as the body of a request that changes something; an empty body is an empty
/// object. Keys are taken out as they are read; finish() refuses what is left.
struct ObjectBody {
    boost::json::object object;
    std::optional<Problem> problem;

    ObjectBody() = default;

    /// The value of a key, or nullptr; it counts as read.
    const boost::json::value* take(std::string_view key);
    bool take_flag(std::string_view key);  ///< true or false; absent is false
    void refuse(std::string_view key, std::string detail);
    void finish();

private:
    boost::json::value taken_;
};

boost::asio::awaitable<ObjectBody> read_object(Request& request);

}  // namespace genspool::daemon
