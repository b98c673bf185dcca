#include "workers/http.hpp"

#include <strings.h>

namespace genspool::workers {

std::string_view HttpHead::header(std::string_view name) const {
    for (const HttpHeader& header : headers) {
        const bool same = header.name.size() == name.size() &&
                          ::strncasecmp(header.name.data(), name.data(), name.size()) == 0;
        if (same) return header.value;
    }
    return {};
}

std::string_view to_string(HttpError error) {
    switch (error) {
        case HttpError::none:
            return "none";
        case HttpError::bad_url:
            return "bad_url";
        case HttpError::resolve:
            return "resolve";
        case HttpError::refused_host:
            return "refused_host";
        case HttpError::connect:
            return "connect";
        case HttpError::tls:
            return "tls";
        case HttpError::timeout:
            return "timeout";
        case HttpError::reset:
            return "reset";
        case HttpError::protocol:
            return "protocol";
        case HttpError::too_large:
            return "too_large";
        case HttpError::sink:
            return "sink";
        case HttpError::cancelled:
            return "cancelled";
    }
    return "unknown";
}

}  // namespace genspool::workers
