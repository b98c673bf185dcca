#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "workers/local_descriptor.hpp"

namespace genspool::bench {

/// The beginning of a buffer, if a whole reply stands there. It has a Content-Length.
struct WholeReply {
    int status = 0;
    std::size_t body_at = 0;
    std::size_t bytes = 0;  ///< of head and body
};
std::optional<WholeReply> whole_reply(std::string_view buffer);

/// A connected unix socket. Throws if nobody listens.
workers::Descriptor connect_to(const std::string& socket);
/// The same, on a port of this machine.
workers::Descriptor connect_to(std::uint16_t port);

/// One job for the bench, as JSON without a line's end. No two are the same.
std::string video_job(std::uint64_t number);
/// Many of them, a line each.
std::string video_lines(std::uint64_t first, std::uint64_t count);

/// Plain calls to a server, one at a time. Throws if it answers other than 2xx, or not at all.
class ApiClient {
public:
    /// The daemon's unix socket.
    explicit ApiClient(const std::string& socket);
    /// A port of this machine.
    explicit ApiClient(std::uint16_t port);

    std::string get(const std::string& target);
    std::string post(const std::string& target, std::string_view content_type,
                     std::string_view body);
    /// How many jobs are in `state`, by GET /v1/stats.
    std::uint64_t jobs_in(std::string_view state);

private:
    std::string exchange(std::string_view head, std::string_view body);
    void write(std::string_view bytes);

    workers::Descriptor socket_;
};

}  // namespace genspool::bench
