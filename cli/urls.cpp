#include "cli/urls.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <utility>

namespace genspool::cli {

std::string encoded(std::string_view text) {
    return boost::urls::encode(boost::urls::string_view(text.data(), text.size()),
                               boost::urls::unreserved_chars);
}

Target& Target::add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    text_ += std::exchange(begun_, true) ? '&' : '?';
    text_.append(name).append("=").append(encoded(value));
    return *this;
}

std::string job_path(std::string_view id, std::string_view below) {
    return "/v1/jobs/" + encoded(id) + std::string(below);
}

std::string batch_path(std::string_view id, std::string_view below) {
    return "/v1/batches/" + encoded(id) + std::string(below);
}

}  // namespace genspool::cli
