#include "daemon/dashboard.hpp"

namespace genspool::daemon::dashboard {
namespace {

/// Its own files, and the API; no page may show it in a frame, no text may become script.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

const File* asked_for(const Request& request) {
    if (request.method != "GET" && request.method != "HEAD") return nullptr;
    const std::string_view target(request.target);
    return find(target.substr(0, target.find('?')));
}

}  // namespace

bool holds(const Request& request) {
    return asked_for(request) != nullptr;
}

std::optional<Reply> reply(const Request& request) {
    const File* const file = asked_for(request);
    if (file == nullptr) return std::nullopt;
    Reply reply(200);
    reply.content_type = file->media_type;
    reply.content_policy = policy;
    reply.headers.emplace_back("ETag", file->etag);
    reply.headers.emplace_back("Cache-Control", "no-cache");
    reply.headers.emplace_back("Referrer-Policy", "no-referrer");
    reply.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    if (request.field(Field::if_none_match) == file->etag) {
        reply.status = 304;
    } else {
        reply.body = file->bytes;
    }
    return reply;
}

}  // namespace genspool::daemon::dashboard
