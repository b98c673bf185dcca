// Files: what clients upload for requests to name, and what jobs have made.
#include <boost/json.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "daemon/body.hpp"
#include "daemon/gateway/minimax/desk.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/multipart_body.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/canonical_json.hpp"
#include "proto/media_signature.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t listed_max = 1'000;
constexpr std::size_t purpose_bytes_max = 64;
constexpr std::size_t filename_bytes_max = 256;

json::object file_object(const Upload& upload) {
    return {{"file_id", static_cast<std::int64_t>(upload.number)},
            {"bytes", upload.bytes},
            {"created_at", unix_seconds(upload.created_at)},
            {"filename", upload.filename},
            {"purpose", upload.purpose}};
}

Reply answered(json::object object) {
    object["base_resp"] = base_resp();
    return Reply(200, proto::compact_json(object));
}

/// What an upload's form holds, or what is wrong with it.
struct Form {
    std::optional<Problem> problem;
    std::string purpose;
    std::string filename;
    std::string media_type;
    std::string_view bytes;

    Form() = default;
};

Form understand(std::string_view body, std::string_view content_type) {
    Form form;
    const auto parts = read_form(body, form_boundary(content_type));
    if (!parts) {
        form.problem.emplace("invalid", "the body must be multipart/form-data");
        return form;
    }
    bool has_file = false;
    for (const FormPart& part : *parts) {
        if (part.name == "purpose") form.purpose = part.bytes;
        if (part.name != "file") continue;
        has_file = true;
        form.filename = part.filename;
        form.bytes = part.bytes;
        // Most clients say so of whatever they send.
        const bool says = !part.content_type.empty() &&
                          !part.content_type.starts_with("application/octet-stream");
        form.media_type =
            says ? std::string_view(part.content_type) : proto::media_type_of(part.filename);
    }
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; };
    if (!has_file || form.bytes.empty()) {
        form.problem.emplace("missing", "file is missing or empty", "file");
    } else if (form.purpose.empty() || form.purpose.size() > purpose_bytes_max ||
               !std::ranges::all_of(form.purpose, plain)) {
        form.problem.emplace("invalid", "purpose must be a word as in voice_clone", "purpose");
    } else if (form.filename.size() > filename_bytes_max) {
        form.problem.emplace("too_long", "the file's name is too long", "file");
    }
    return form;
}

std::string file_id(const Request& request) {
    const std::string* const value = request.parameter("file_id");
    return value != nullptr ? *value : std::string();
}

/// The newest jobs' files of this purpose.
asio::awaitable<json::array> files_of_jobs(Api& api, std::string purpose) {
    json::array files;
    queue::Filter filter;
    filter.state = proto::State::succeeded;
    std::function<bool(const queue::JobView&)> visit = [&](const queue::JobView& job) {
        if (purpose_of(job) != purpose) return true;
        for (std::size_t n = 0; n < file_count(job); ++n)
            if (is_home(job, n)) files.emplace_back(minimax::file_object(job, n, ""));
        return files.size() < listed_max;
    };
    co_await visit_newest(api, provider, std::move(filter), proto::JobSeq(), std::move(visit));
    co_return files;
}

}  // namespace

asio::awaitable<Reply> upload_file(Api& api, Request& request) {
    std::string nothing;
    const WholeBody body =
        co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    if (body.problem) co_return refused(request, *body.problem);
    Form form = understand(body.bytes, request.field(Field::content_type));
    if (form.problem) co_return refused(request, *form.problem);
    std::string bytes(form.bytes);
    Upload upload;
    upload.filename = std::move(form.filename);
    upload.purpose = std::move(form.purpose);
    const auto problem =
        co_await keep_upload(api, request, std::move(bytes), form.media_type, upload);
    if (problem) co_return refused(request, *problem);
    json::object answer;
    answer["file"] = file_object(upload);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> list_files(Api& api, Request& request) {
    const std::string* const purpose = request.parameter("purpose");
    if (purpose == nullptr || purpose->empty())
        co_return refused(request, Problem("missing", "purpose is required", "purpose"));
    json::array files = co_await files_of_jobs(api, *purpose);
    const std::vector<Upload> uploads = co_await api.gateway->uploads.all();
    for (const Upload& each : uploads) {
        if (each.purpose != *purpose || files.size() >= listed_max) continue;
        const auto upload = co_await find_upload(api, each.number);
        if (upload) files.emplace_back(file_object(*upload));
    }
    json::object answer;
    answer["files"] = std::move(files);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> retrieve_file(Api& api, Request& request) {
    json::object answer;
    const auto file = co_await find_file(api, file_id(request));
    if (file && is_home(file->job, file->n)) {
        const std::string url = link_for(api, request, file->job)(file->n);
        answer["file"] = minimax::file_object(file->job, file->n, url);
        co_return answered(std::move(answer));
    }
    const auto upload = co_await find_upload(api, file_id(request));
    if (!upload) co_return unknown(request, "file_id");
    answer["file"] = file_object(*upload);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> file_content(Api& api, Request& request) {
    const auto file = co_await find_file(api, file_id(request));
    if (!file || !is_home(file->job, file->n)) {
        const auto upload = co_await find_upload(api, file_id(request));
        if (!upload) co_return unknown(request, "file_id");
        co_return refused(request, Problem("not_available",
                                           "file_id is an upload, which genspool does not hand "
                                           "back"));
    }
    Reply reply = co_await send_file(api, request, *file);
    co_return reply;
}

asio::awaitable<Reply> delete_file(Api& api, Request& request) {
    ObjectRead body = co_await read_json(api, request);
    if (body.problem) co_return refused(request, *body.problem);
    const std::string number = proto::text_or_number(body.object, "file_id");
    const auto file = co_await find_file(api, number);
    if (file)
        co_return refused(request, Problem("not_available",
                                           "file_id is what a job has made, which genspool keeps"));
    const auto upload = co_await find_upload(api, number);
    if (!upload) co_return unknown(request, "file_id");
    const auto problem = co_await forget_upload(api, request, *upload);
    if (problem) co_return refused(request, *problem);
    json::object answer;
    answer["file_id"] = static_cast<std::int64_t>(upload->number);
    co_return answered(std::move(answer));
}

}  // namespace genspool::daemon::gateway::minimax
