#include "proto/upstream_request.hpp"

#include <boost/json/parse.hpp>
#include <utility>

namespace genspool::proto {
namespace {

namespace json = boost::json;

std::string put_in_front(const std::string& request, std::string_view name,
                         const std::string& value) {
    const std::size_t open = request.find('{') + 1;
    const std::size_t first = request.find_first_not_of(" \t\r\n", open);
    const bool alone = first != std::string::npos && request[first] == '}';
    std::string body = request.substr(0, open);
    body += '"';
    body += name;
    body += "\":" + value;
    if (!alone) body += ',';
    body.append(request, open);
    return body;
}

}  // namespace

json::object parse_request(const std::string& request) {
    return std::move(json::parse(request).as_object());
}

std::string with_member(const std::string& request, std::string_view name, std::string_view value) {
    return put_in_front(request, name, '"' + std::string{value} + '"');
}

std::string with_true(const std::string& request, std::string_view name) {
    return put_in_front(request, name, "true");
}

Call query(std::string target) {
    Call call;
    call.target = std::move(target);
    call.first_byte = std::chrono::seconds{30};
    return call;
}

Call paid_call(std::string target, std::string body, Duration first_byte,
               std::uint64_t reply_bytes_max) {
    Call call;
    call.method = "POST";
    call.target = std::move(target);
    call.content_type = "application/json";
    call.body = std::move(body);
    call.first_byte = first_byte;
    call.reply_bytes_max = reply_bytes_max;
    return call;
}

}  // namespace genspool::proto
