#pragma once

#include <string_view>

namespace genspool::daemon {

/// The API as an OpenAPI document: daemon/openapi/openapi.json, compiled in.
struct ApiDescription {
    std::string_view etag;  ///< of its bytes, in quotes
    std::string_view bytes;
};

/// Any thread.
ApiDescription api_description();

}  // namespace genspool::daemon
