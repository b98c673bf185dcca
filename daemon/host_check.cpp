#include "daemon/host_check.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "daemon/problem.hpp"

namespace genspool::daemon {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// Without the port; in lower case; empty where it is neither a name nor an address.
std::string host_of(std::string_view field) {
    const bool bracketed = field.starts_with('[');
    const std::size_t end = field.find(bracketed ? ']' : ':');
    if (bracketed && end == std::string_view::npos) return {};
    std::string_view host = bracketed ? field.substr(1, end - 1) : field.substr(0, end);
    const std::string_view rest = end == std::string_view::npos
                                      ? std::string_view{}
                                      : field.substr(end + (bracketed ? 1 : 0));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!rest.empty() && (rest.front() != ':' || !std::ranges::all_of(rest.substr(1), is_digit)))
        return {};
    if (!bracketed && host.ends_with('.')) host.remove_suffix(1);
    return lower(host);
}

bool is_address(const std::string& host) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    return !no_address;
}

}  // namespace

HostCheck::HostCheck(std::vector<std::string> names, boost::asio::ssl::context* tls)
    : names_(std::move(names)), tls_(tls) {
    for (std::string& name : names_)
        name = lower(name);
    names_.emplace_back("localhost");
}

bool HostCheck::allows(std::string_view field) const {
    const std::string host = host_of(field);
    if (host.empty()) return false;
    if (is_address(host) || std::ranges::find(names_, host) != names_.end()) return true;
    if (tls_ == nullptr) return false;
    X509* const certificate = SSL_CTX_get0_certificate(tls_->native_handle());
    return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

Reply wrong_host() {
    return to_reply(Problem("wrong_host",
                            "The Host field does not name this daemon; [http] hosts lists the "
                            "names it goes by."));
}

}  // namespace genspool::daemon
