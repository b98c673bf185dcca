#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/simulator/call.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator::useapi {

/// A call whose token was accepted.
struct Visit {
    const Call& call;
    std::string user;  ///< the token's number
    std::string id;    ///< what the path names behind its route; or empty

    Instant now() const { return call.now; }
};

/// The body as an object: JSON, or a form whose texts stand for what they say. nullopt: it is none.
std::optional<boost::json::object> read_body(const ModelRequest& request);

/// The account that a call means, or why it means none.
using Chosen = std::variant<std::string, ModelReply>;

/// The account of that name, or the only one there is if `named` is empty.
Chosen choose_account(World& world, const Visit& visit, std::string_view named);
/// The same, of the query's parameter `account`.
Chosen choose_account(World& world, const Visit& visit);
/// Any that has a video to spare.
Chosen choose_free_account(World& world, const Visit& visit);

/// How many videos of the account useapi.net counts.
std::size_t videos_of(World& world, const Visit& visit, std::string_view account);

/// The job of that type which the id names, or why there is none.
std::variant<Job*, ModelReply> find_job(World& world, const Visit& visit, JobType type,
                                        std::string_view id);

/// What strikes any free call: nullopt: nothing.
std::optional<ModelReply> trouble(World& world, const Visit& visit);

std::int64_t milliseconds(Instant at);
/// A JSON number of seconds, perhaps with a fraction; nullopt: it is no time.
std::optional<Instant> read_seconds(const boost::json::value& value);
/// "mm:ss".
std::string elapsed(Duration span);

}  // namespace genspool::simulator::useapi
