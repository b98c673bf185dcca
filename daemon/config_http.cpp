#include <algorithm>

#include "daemon/config_toml.hpp"
#include "daemon/server_tls.hpp"
#include "daemon/tcp_listener.hpp"
#include "daemon/tokens.hpp"

namespace genspool::daemon {
namespace {

void read_path(TableReader& in, std::string_view key, std::string& out) {
    const auto path = in.text(key);
    if (!path) return;
    if (path->empty() || path->front() != '/') in.refuse(key, "must be an absolute path");
    out = *path;
}

/// A name without a port; addresses need not be listed.
bool is_host_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_';
    };
    return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
           std::ranges::all_of(text, allowed);
}

void read_hosts(TableReader& in, Config::Http& out) {
    const toml::array* const list = in.array("hosts");
    if (list == nullptr) return;
    for (const toml::node& node : *list) {
        const auto* const name = node.as_string();
        if (name == nullptr || !is_host_name(name->get())) {
            in.refuse("hosts", "must be names as in [\"spool.example.org\"], without ports");
            return;
        }
        out.hosts.push_back(name->get());
    }
}

void check_tokens(TableReader& in, const Config::Http& http) {
    if (http.token_file.empty()) {
        in.refuse("token_file", "is missing: over TCP nobody is let in without a token");
        return;
    }
    const std::string error = token_file_error(http.token_file);
    if (!error.empty())
        in.refuse("token_file", http.token_file + ": " + error +
                                    " (`genspool token add NAME --file FILE` makes one)");
}

void check_tls(TableReader& in, const Config::Http& http, bool loopback) {
    if (http.tls_cert.empty() != http.tls_key.empty()) {
        in.refuse(http.tls_cert.empty() ? "tls_key" : "tls_cert",
                  "tls_cert and tls_key go together");
        return;
    }
    if (http.tls_cert.empty()) {
        if (!loopback)
            in.refuse("listen", "\"" + http.listen +
                                    "\" can be reached from other machines, which needs tls_cert "
                                    "and tls_key: a token in clear text is everybody's");
        return;
    }
    const ServerTls tls = make_server_tls(http.tls_cert, http.tls_key);
    if (!tls.context) in.refuse("tls_cert", tls.error);
}

}  // namespace

void read_http(TableReader in, Config::Http& out) {
    out.listen = in.text("listen").value_or("");
    read_path(in, "token_file", out.token_file);
    read_path(in, "tls_cert", out.tls_cert);
    read_path(in, "tls_key", out.tls_key);
    read_hosts(in, out);
    if (const auto url = in.text("url")) {
        const auto clean = clean_url(*url);
        if (!clean)
            in.refuse("url",
                      "must be how clients reach this daemon, as in "
                      "\"https://spool.example.org\"");
        out.url = clean.value_or("");
    }
    in.finish();
    if (in.raw().empty()) return;
    const auto endpoint = parse_listen(out.listen);
    if (!endpoint) {
        in.refuse("listen", "must be an address and a port, as in \"127.0.0.1:7788\"");
        return;
    }
    check_tokens(in, out);
    check_tls(in, out, endpoint->address().is_loopback());
}

void read_callbacks(TableReader in, Config::Callbacks& out) {
    out.listen = in.text("listen").value_or("");
    out.url = in.text("url").value_or("");
    in.finish();
    if (out.listen.empty() && out.url.empty()) {
        if (!in.raw().empty()) in.refuse("listen", "must not be empty");
        return;
    }
    if (out.listen.empty()) {
        in.refuse("listen", "is missing: somebody must listen to what is sent to the url");
    } else if (!parse_listen(out.listen)) {
        in.refuse("listen", "must be an address and a port, as in \"127.0.0.1:7789\"");
    }
    if (out.url.empty()) {
        in.refuse("url", "is missing: without an address from outside nobody calls back");
        return;
    }
    const auto url = clean_url(out.url);
    if (!url)
        in.refuse("url",
                  "must be an address that the upstream can reach, as in "
                  "\"https://spool.example.org/callbacks\"");
    out.url = url.value_or("");
}

}  // namespace genspool::daemon
