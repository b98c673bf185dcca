#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/gateway/minimax/calls.hpp"
#include "daemon/gateway/order.hpp"

/// A body for the upstream, and the job that it means.
namespace genspool::daemon::gateway::minimax {

/// How the client wants to be answered, as its body says.
struct Wishes {
    bool stream = false;
    bool links = false;            ///< to files, in place of their bytes
    bool whole_at_end = true;      ///< a stream's last event repeats all of the sound
    bool usage_at_end = false;     ///< an OpenAI stream's last event tells the usage
    std::uint64_t characters = 0;  ///< of the text to be spoken

    Wishes() = default;
};

Wishes read_wishes(const PaidCall& call, const boost::json::object& body);

/// The numbers in the places where a body names a file or a task: some may be ours.
std::set<std::uint64_t> numbers_named(const boost::json::object& body);

/// A file that stands in the body itself, in base64.
struct WrittenOut {
    boost::json::value* place = nullptr;  ///< in the body
    std::string media_type;               ///< as it says; empty: it does not
    std::string_view base64;              ///< lies in the body, too
};

/// Those that are long: they are better kept as files that were handed in. Good until the body is
/// changed.
std::vector<WrittenOut> written_out_files(boost::json::object& body);

/// What ours stand for.
struct Meant {
    std::map<std::uint64_t, boost::json::value> files;  ///< number: a reference to the file
    std::map<std::uint64_t, std::string> tasks;         ///< number: as the upstream calls it

    Meant() = default;
};

/// What a body orders. `account`: to be bound to it; empty: any. Every number in it is finite.
Order order_of(const PaidCall& call, boost::json::object body, const Meant& meant,
               const std::string& account);

}  // namespace genspool::daemon::gateway::minimax
