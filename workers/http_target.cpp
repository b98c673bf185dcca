#include "workers/http_target.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace genspool::workers {

namespace {

/// Letters of names and addresses; anything else has no business in a look-up or a header.
bool is_host_letter(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' ||
           letter == '-' || letter == '_' || letter == ':';
}

char lower(char letter) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

/// 0 if it is no port one can connect to.
std::uint16_t read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() ? port : 0;
}

}  // namespace

std::string HttpTarget::server() const {
    std::string text = tls ? "https://" : "http://";
    text.append(host).append("|").append(port);
    return text;
}

std::optional<HttpTarget> parse_http_target(std::string_view url) {
    const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
    if (!parsed || !parsed->has_authority() || parsed->has_userinfo()) return std::nullopt;
    const boost::urls::scheme scheme = parsed->scheme_id();
    if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) {
        return std::nullopt;
    }
    HttpTarget target;
    target.tls = scheme == boost::urls::scheme::https;
    target.host = parsed->host_address();
    std::transform(target.host.begin(), target.host.end(), target.host.begin(), lower);
    if (target.host.empty()) return std::nullopt;
    if (!std::all_of(target.host.begin(), target.host.end(), is_host_letter)) return std::nullopt;

    const bool has_port = parsed->has_port() && !parsed->port().empty();
    const std::uint16_t port = has_port ? read_port(parsed->port()) : 0;
    if (has_port && port == 0) return std::nullopt;
    const char* const usual = target.tls ? "443" : "80";
    target.port = has_port ? std::to_string(port) : usual;
    const bool bracketed = target.host.find(':') != std::string::npos;
    target.authority = bracketed ? "[" + target.host + "]" : target.host;
    if (has_port) target.authority += ":" + target.port;

    const auto resource = parsed->encoded_resource();
    target.resource = std::string(resource.data(), resource.size());
    target.resource = target.resource.substr(0, target.resource.find('#'));
    if (!target.resource.starts_with('/')) target.resource.insert(0, "/");
    return target;
}

}  // namespace genspool::workers
