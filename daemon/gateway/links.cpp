#include "daemon/gateway/links.hpp"

#include "daemon/signature.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway {
namespace {

constexpr std::string_view folder = "/download/";
constexpr std::size_t signature_bytes = 16;

std::int64_t seconds_of(proto::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

std::string Links::make(std::string_view prefix, std::uint64_t number, std::string_view extension,
                        proto::Instant now) const {
    // Rounded up to a minute, so that one who asks again and again gets one address for a while.
    const std::int64_t expires = (seconds_of(now + link_life) / 60 + 1) * 60;
    std::string path(prefix);
    path.append(folder).append(std::to_string(number)).append("-").append(std::to_string(expires));
    const std::string signed_by = signature(secret_, path, signature_bytes);
    return path.append("-").append(signed_by).append(extension);
}

std::optional<Links::Link> Links::read(std::string_view path) const {
    const std::size_t name = path.find(folder);
    const std::size_t dash = path.rfind('-');
    if (name == path.npos || dash == path.npos || dash < name) return std::nullopt;
    const std::string_view text = path.substr(0, dash);
    const std::string_view said = path.substr(dash + 1, 2 * signature_bytes);
    if (!same_secret(said, signature(secret_, text, signature_bytes))) return std::nullopt;
    const std::string_view both = text.substr(name + folder.size());
    const std::size_t between = both.find('-');
    if (between == both.npos) return std::nullopt;
    const auto number = proto::whole_number(both.substr(0, between));
    const auto expires = proto::whole_number(both.substr(between + 1));
    if (!number || !expires) return std::nullopt;
    Link link;
    link.number = *number;
    link.expires = proto::Instant{std::chrono::seconds{static_cast<std::int64_t>(*expires)}};
    return link;
}

bool Links::open(const Request& request, proto::Instant now) const {
    if (request.method != "GET" && request.method != "HEAD") return false;
    const std::string_view target(request.target);
    const auto link = read(target.substr(0, target.find('?')));
    return link && link->expires > now;
}

}  // namespace genspool::daemon::gateway
