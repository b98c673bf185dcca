#include "daemon/gateway/useapi/order_body.hpp"

#include <boost/json.hpp>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/gateway/multipart_body.hpp"
#include "daemon/gateway/useapi/translation.hpp"
#include "proto/media_signature.hpp"
#include "proto/references.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = proto::character_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// A file of a form, kept, in the place where the request names it.
asio::awaitable<std::optional<Problem>> add_file(Api& api, const FormPart& part,
                                                 json::object& body) {
    std::string bytes(part.bytes);
    const std::string said =
        part.content_type.empty() || part.content_type.starts_with("application/octet-stream")
            ? std::string(proto::media_type_of(part.filename))
            : part.content_type;
    std::string type(proto::judge_type(said, part.bytes.substr(0, proto::signature_bytes)));
    FileKept file = co_await keep_file(api, std::move(bytes), std::move(type));
    if (file.problem) co_return std::move(file.problem);
    json::value& files = body[part.name];
    if (!files.is_array()) files = json::array();
    files.as_array().emplace_back(
        json::object{{proto::file_member, proto::file_name_of(file.kept.sha256)}});
    co_return std::nullopt;
}

/// A multipart/form-data body as the object that it stands for.
asio::awaitable<ObjectRead> read_fields(Api& api, Request& request, std::string_view boundary) {
    ObjectRead read;
    std::string nothing;
    const WholeBody body =
        co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    read.problem = body.problem;
    if (read.problem) co_return read;
    const auto parts = read_form(body.bytes, boundary);
    if (!parts) {
        read.problem.emplace("invalid", "the body is no multipart/form-data");
        co_return read;
    }
    for (const FormPart& part : *parts) {
        if (!is_utf8(part.name) || (part.filename.empty() && !is_utf8(part.bytes))) {
            read.problem.emplace("invalid", "a field of the form is no UTF-8");
            co_return read;
        }
        if (part.filename.empty()) {
            read.object[part.name] = field_value(part.name, part.bytes);
            continue;
        }
        read.problem = co_await add_file(api, part, read.object);
        if (read.problem) co_return read;
    }
    co_return read;
}

}  // namespace

asio::awaitable<ObjectRead> read_order(Api& api, Request& request) {
    const std::string boundary = form_boundary(request.field(Field::content_type));
    ObjectRead read;
    if (boundary.empty()) {
        read = co_await read_json(api, request);
    } else {
        read = co_await read_fields(api, request, boundary);
    }
    co_return read;
}

}  // namespace genspool::daemon::gateway::useapi
