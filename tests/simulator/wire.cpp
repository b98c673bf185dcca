#include "tests/simulator/wire.hpp"

#include <boost/beast/http/status.hpp>

namespace genspool::simulator {

std::string write_head(const ModelReply& reply, bool keep) {
    const auto reason = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(reply.status)));
    std::string head;
    head.reserve(256);
    head += "HTTP/1.1 " + std::to_string(reply.status) + " ";
    head.append(reason.data(), reason.size());
    head += "\r\n";
    for (const auto& [name, value] : reply.headers) {
        head += name;
        head += ": ";
        head += value;
        head += "\r\n";
    }
    const auto bytes = reply.declared_bytes.value_or(reply.body.size());
    if (reply.status != 204) head += "Content-Length: " + std::to_string(bytes) + "\r\n";
    if (!keep) head += "Connection: close\r\n";
    head += "\r\n";
    return head;
}

}  // namespace genspool::simulator
