#pragma once

#include <optional>
#include <string_view>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// The dashboard: the page at "/" and its files, which are compiled in (daemon/dashboard/). They
/// tell nothing of the jobs; the page asks the API as every client does. Any thread.
namespace genspool::daemon::dashboard {

/// One of its files.
struct File {
    std::string_view path;
    std::string_view media_type;
    std::string_view etag;  ///< of its bytes, in quotes
    std::string_view bytes;
};

/// The file of that path; null: there is none.
const File* find(std::string_view path);

/// Whether the request asks for one of its files, and for nothing else.
bool holds(const Request& request);

/// The file that the request asks for, or that the browser's copy is good; nullopt: holds() is
/// false.
std::optional<Reply> reply(const Request& request);

}  // namespace genspool::daemon::dashboard
