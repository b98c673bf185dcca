#include "proto/multipart.hpp"

#include <algorithm>
#include <utility>

namespace genspool::proto {
namespace {

constexpr std::size_t unique_max = 40;

}  // namespace

Multipart::Multipart(std::string_view unique)
    : boundary_("genspool-" + std::string(unique.substr(0, unique_max))) {}

void Multipart::begin(std::string_view name) {
    body_.append("--").append(boundary_);
    body_.append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"");
}

void Multipart::field(std::string_view name, std::string_view value) {
    begin(name);
    body_.append("\r\n\r\n").append(value).append("\r\n");
}

void Multipart::file(std::string_view name, std::string_view file_name, std::string_view media_type,
                     std::string_view bytes) {
    body_.reserve(body_.size() + bytes.size() + 512);
    begin(name);
    body_.append("; filename=\"").append(header_text(file_name));
    body_.append("\"\r\nContent-Type: ").append(media_type).append("\r\n\r\n");
    body_.append(bytes).append("\r\n");
}

void Multipart::into(Call& call) && {
    body_.append("--").append(boundary_).append("--\r\n");
    call.content_type = "multipart/form-data; boundary=" + boundary_;
    call.body = std::move(body_);
}

std::string header_text(std::string_view text) {
    std::string out{text};
    std::ranges::replace_if(
        out, [](unsigned char c) { return c < ' ' || c == '"' || c == '\\' || c == 0x7F; }, '_');
    return out;
}

}  // namespace genspool::proto
