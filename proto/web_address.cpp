#include "proto/web_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace genspool::proto {

bool is_web_address(std::string_view text) {
    const auto url = boost::urls::parse_uri({text.data(), text.size()});
    return url && (url->scheme() == "https" || url->scheme() == "http") && !url->host().empty() &&
           !url->has_userinfo() && !url->has_fragment();
}

}  // namespace genspool::proto
