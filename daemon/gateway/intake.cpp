#include "daemon/gateway/intake.hpp"

#include <sys/random.h>

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/number.hpp"
#include "proto/upstream_text.hpp"
#include "workers/disk_watch.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t depth_max = 32;

/// A body's text may be long, for files stand in it; what is parsed takes a dozen times its room.
constexpr std::size_t values_max = 200'000;

/// Where the string of JSON text ends that begins at `quote`; npos: nowhere.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
    std::size_t at = text.find_first_of("\"\\", quote + 1);
    // What follows a backslash ends nothing.
    while (at != std::string_view::npos && text[at] == '\\')
        at = text.find_first_of("\"\\", at + 2);
    return at;
}

/// Whether JSON text has more values than anybody orders with.
bool is_swarm(std::string_view text) {
    std::size_t values = 0;
    for (std::size_t at = 0; at < text.size() && values <= values_max; ++at) {
        const char c = text[at];
        if (c == ',' || c == '[' || c == '{') ++values;
        if (c != '"') continue;
        at = end_of_string(text, at);
        if (at == std::string_view::npos) return false;  // the parser says what is wrong
    }
    return values > values_max;
}

std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    if (::getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits))
        throw std::runtime_error("the system gives no random bytes");
    return bits;
}

}  // namespace

asio::awaitable<ObjectRead> read_json(Api& api, Request& request) {
    ObjectRead read;
    std::string nothing;
    WholeBody body =
        co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    read.problem = std::move(body.problem);
    if (read.problem) co_return read;
    if (is_swarm(body.bytes)) {
        read.problem.emplace("too_large", "the body has too many values");
        co_return read;
    }
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    json::value value = json::parse(body.bytes, error, {}, options);
    if (error) {
        read.problem.emplace("bad_json", "the body is no JSON: " + error.message());
    } else if (!value.is_object()) {
        read.problem.emplace("bad_json", "the body must be a JSON object");
    } else {
        read.object = std::move(value.get_object());
    }
    co_return read;
}

asio::awaitable<FileKept> keep_file(Api& api, std::string bytes, std::string media_type) {
    FileKept file;
    workers::BlobArrival arrival(api.blobs);
    std::error_code error = co_await arrival.append(std::move(bytes));
    if (error) {
        co_await arrival.drop();
    } else {
        file.kept = co_await arrival.keep(std::move(media_type));
        error = file.kept.error;
    }
    if (error) {
        file.problem.emplace(workers::means_full(error) ? "disk_full" : "internal",
                             "the file cannot be kept: " + error.message());
    } else if (file.kept.answer.errc != queue::Errc::ok) {
        file.problem = to_problem(file.kept.answer);
    }
    co_return file;
}

asio::awaitable<std::optional<Problem>> keep_upload(Api& api, const Request& request,
                                                    std::string bytes, std::string media_type,
                                                    Upload& upload) {
    FileKept file = co_await keep_file(api, std::move(bytes), std::move(media_type));
    if (file.problem) co_return std::move(file.problem);
    upload.number = upload_number(random_bits());
    upload.sha256 = file.kept.sha256;
    upload.bytes = file.kept.bytes;
    upload.principal = request.caller.principal;
    upload.created_at = api.clock.now();
    const std::error_code error = co_await api.gateway->uploads.keep(upload);
    std::optional<Problem> problem;
    if (error) problem.emplace("internal", "the upload cannot be noted: " + error.message());
    co_return problem;
}

asio::awaitable<std::optional<Upload>> find_upload(Api& api, std::uint64_t number) {
    std::optional<Upload> upload = co_await api.gateway->uploads.find(number);
    if (!upload) co_return upload;
    const bool here = co_await api.line.has_blob(upload->sha256);
    if (here) co_return upload;
    co_await api.gateway->uploads.forget(number);
    co_return std::nullopt;
}

asio::awaitable<std::optional<Upload>> find_upload(Api& api, std::string decimal) {
    const auto read = read_number(decimal);
    std::optional<Upload> upload;
    if (read && read->of == Number::Of::upload)
        upload = co_await find_upload(api, proto::whole_number(decimal).value());
    co_return upload;
}

asio::awaitable<std::optional<Problem>> forget_upload(Api& api, const Request& request,
                                                      const Upload& upload) {
    std::optional<Problem> problem;
    if (upload.principal != request.caller.principal && !request.caller.admin) {
        problem.emplace("not_owner", "the file is another's");
        co_return problem;
    }
    const std::error_code error = co_await api.gateway->uploads.forget(upload.number);
    if (error) problem.emplace("internal", "the note of the file stays: " + error.message());
    co_return problem;
}

std::string parameter(const Request& request, std::string_view name) {
    const std::string* const value = request.parameter(name);
    return value != nullptr ? *value : std::string();
}

std::uint64_t count_parameter(const Request& request, std::string_view name,
                              std::uint64_t otherwise, std::uint64_t most) {
    const auto number = proto::whole_number(parameter(request, name));
    return number && *number > 0 ? std::min(*number, most) : otherwise;
}

std::string in_its_words(std::string text) {
    constexpr std::string_view word = "request.";
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at))
        text.erase(at, word.size());
    return text;
}

}  // namespace genspool::daemon::gateway
