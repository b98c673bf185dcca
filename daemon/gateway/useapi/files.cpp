// Files that clients upload for requests to name.
#include <utility>

#include "daemon/body.hpp"
#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "proto/media_signature.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

bool is_media(std::string_view type) {
    return type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
}

}  // namespace

asio::awaitable<Reply> upload_file(Api& api, Request& request) {
    const std::string said = request.field(Field::content_type);
    if (!is_media(said))
        co_return refused(Problem("invalid",
                                  "Content-Type must be image/png, image/jpeg, audio/mpeg, "
                                  "audio/wav or video/mp4, and the body the file itself"));
    std::string nothing;
    WholeBody body =
        co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    if (!body.problem && body.bytes.empty()) body.problem.emplace("missing", "there is no content");
    if (body.problem) co_return refused(*body.problem);
    const std::string_view head = std::string_view(body.bytes).substr(0, proto::signature_bytes);
    std::string type(proto::judge_type(said, head));
    const std::string extension(proto::extension_of(type));
    Upload upload;
    upload.filename = "file" + extension;
    upload.purpose = provider;
    const auto problem =
        co_await keep_upload(api, request, std::move(body.bytes), std::move(type), upload);
    if (problem) co_return refused(*problem);
    // A name that goes with the id: nothing is handed out there.
    const std::string place = base_url(api, request) + std::string(prefix) + "/file/" +
                              std::to_string(upload.number) + extension;
    json::object answer{{"ossPath", place}};
    answer["fileID"] = id_text(Word::file, upload.number);
    co_return answered(std::move(answer));
}

/// Answers 200 for what is not there, too.
asio::awaitable<Reply> delete_file(Api& api, Request& request) {
    const std::string given = request.arguments[1];
    const auto id = read_id(given);
    if (!id || id->word != Word::file) co_return no_id(given);
    if (!id->ours()) {
        Reply reply = co_await pass_on(api, request);
        co_return reply;
    }
    const auto number = read_number(id->number);
    if (number && number->of == Number::Of::artifact)
        co_return refused(Problem("not_available", "it is what a job has made, which stays"));
    std::optional<Upload> upload;
    if (number && number->of == Number::Of::upload) upload = co_await find_upload(api, id->number);
    std::optional<Problem> problem;
    if (upload) problem = co_await forget_upload(api, request, *upload);
    if (problem) co_return refused(*problem);
    co_return answered(json::object());
}

}  // namespace genspool::daemon::gateway::useapi
