#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/daemon_address.hpp"

namespace genspool::cli {

/// Gives the next bytes of what is sent, at most `size`; 0 at the end.
using ByteSource = std::function<std::size_t(char* into, std::size_t size)>;

/// Takes the bytes of a reply as they arrive; false: enough.
using ByteSink = std::function<bool(std::string_view bytes)>;

struct HttpCall {
    std::string method = "GET";
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string content_type;
    std::string body;
    ByteSource source;  ///< in place of `body`: sent in chunks as it comes
    ByteSink sink;      ///< takes the body of a successful reply, in place of HttpReply::body
    std::function<void()> rewind;      ///< lets source and sink begin anew before a repetition
    std::chrono::seconds silence{60};  ///< the longest wait for the next bytes; 0: for ever
    /// What people are to do when it may have been done and no answer says so; empty: nothing.
    std::string in_doubt;
};

struct HttpReply {
    int status = 0;
    std::string body;
};

enum class HttpTrouble {
    none,
    not_connected,  ///< nothing was sent
    lost,           ///< no answer, or only a part: the request may have been done
};

struct HttpOutcome {
    HttpTrouble trouble = HttpTrouble::none;
    std::string why;  ///< for people
    HttpReply reply;
};

/// A blocking HTTP/1.1 client, one connection a call. Never sends anything twice.
class HttpClient {
public:
    explicit HttpClient(DaemonAddress address) : address_(std::move(address)) {}

    /// Throws CommandFailed (usage) where a header cannot be sent as it is.
    HttpOutcome call(const HttpCall& call) const;
    const DaemonAddress& address() const { return address_; }

private:
    DaemonAddress address_;
};

}  // namespace genspool::cli
