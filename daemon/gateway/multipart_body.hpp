#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genspool::daemon::gateway {

/// A part of a multipart/form-data body (RFC 7578).
struct FormPart {
    std::string name;
    std::string filename;      ///< empty: it is no file
    std::string content_type;  ///< empty: not said
    std::string_view bytes;    ///< lies in the body
};

/// The boundary that a Content-Type names; empty: it is no multipart/form-data, or names none.
std::string form_boundary(std::string_view content_type);

/// The parts, which lie in `body`. nullopt: it is not put together as it should be, or of more than
/// 64 parts.
std::optional<std::vector<FormPart>> read_form(std::string_view body, std::string_view boundary);

}  // namespace genspool::daemon::gateway
