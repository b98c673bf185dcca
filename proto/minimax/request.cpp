#include "proto/minimax/request.hpp"

#include <boost/json/parse.hpp>
#include <utility>

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// Looks for {"$file": …} and {"$artifact": …}. As deep as the parser allows, so the depth is
/// bounded.
void refuse_references(const json::value& value, const std::string& path,
                       std::optional<Refused>& verdict) {
    if (verdict) return;
    if (const json::array* items = value.if_array()) {
        for (std::size_t i = 0; i < items->size(); ++i) {
            refuse_references((*items)[i], path + "[" + std::to_string(i) + "]", verdict);
        }
    }
    const json::object* fields = value.if_object();
    if (fields == nullptr) return;
    for (const auto& [key, member] : *fields) {
        const std::string name{key.data(), key.size()};
        if (name == "$file" || name == "$artifact") {
            verdict =
                Refused{"not_available", path,
                        path + " is a " + name + "; files inside requests cannot be sent yet"};
            return;
        }
        refuse_references(member, path + "." + name, verdict);
    }
}

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

void check_whole(const json::object& request, std::optional<Refused>& verdict) {
    if (request.contains("callback_url") && !verdict) {
        verdict = Refused{"not_available", "request.callback_url",
                          "request.callback_url is genspool's own; ask for a webhook on the job"};
    }
    for (const auto& [key, member] : request) {
        refuse_references(member, "request." + std::string{key.data(), key.size()}, verdict);
    }
}

json::object parse_request(const std::string& request) {
    return std::move(json::parse(request).as_object());
}

std::string with_member(const std::string& request, std::string_view name, std::string_view value) {
    return put_in_front(request, name, '"' + std::string{value} + '"');
}

std::string with_true(const std::string& request, std::string_view name) {
    return put_in_front(request, name, "true");
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

}  // namespace genspool::proto::minimax
