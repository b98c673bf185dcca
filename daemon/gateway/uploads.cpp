#include "daemon/gateway/uploads.hpp"

#include <boost/json.hpp>
#include <system_error>
#include <utility>

#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view folder = "uploads";
constexpr std::string_view ending = ".json";
constexpr std::uint64_t note_bytes_max = 64U << 10U;

std::string path_of(std::uint64_t number) {
    return std::string(folder) + "/" + std::to_string(number) + std::string(ending);
}

}  // namespace

std::string text_of(const Upload& upload) {
    return json::serialize(json::object{
        {"number", upload.number},
        {"sha256", upload.sha256},
        {"filename", upload.filename},
        {"purpose", upload.purpose},
        {"principal", upload.principal},
        {"bytes", upload.bytes},
        {"created_at", proto::format_rfc3339(upload.created_at)},
    });
}

std::optional<Upload> read_upload(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error || !value.is_object()) return std::nullopt;
    const json::object& fields = value.get_object();
    const auto number = proto::whole_number(proto::text_or_number(fields, "number"));
    const auto bytes = proto::whole_number(proto::text_or_number(fields, "bytes"));
    const auto created_at = proto::parse_rfc3339(proto::text_or_number(fields, "created_at"));
    Upload upload;
    upload.sha256 = proto::text_or_number(fields, "sha256");
    if (!number || !bytes || !created_at || upload.sha256.size() != 64) return std::nullopt;
    upload.number = *number;
    upload.bytes = *bytes;
    upload.created_at = *created_at;
    upload.filename = proto::text_or_number(fields, "filename");
    upload.purpose = proto::text_or_number(fields, "purpose");
    upload.principal = proto::text_or_number(fields, "principal");
    return upload;
}

asio::awaitable<std::error_code> Uploads::keep(Upload upload) {
    std::string path = path_of(upload.number);
    std::string text = text_of(upload);
    std::error_code error = co_await files_.store(std::move(path), std::move(text));
    if (error) co_return error;
    std::string directory(folder);
    error = co_await files_.sync_directory(std::move(directory));
    co_return error;
}

asio::awaitable<std::optional<Upload>> Uploads::find(std::uint64_t number) {
    std::string path = path_of(number);
    const workers::FileBytes note = co_await files_.read(std::move(path), note_bytes_max);
    if (note.error) co_return std::nullopt;
    co_return read_upload(note.bytes);
}

asio::awaitable<std::vector<Upload>> Uploads::all() {
    std::vector<Upload> uploads;
    std::string directory(folder);
    const std::vector<std::string> names = co_await files_.list(std::move(directory));
    for (const std::string& name : names) {
        std::string path = std::string(folder) + "/" + name;
        const workers::FileBytes note = co_await files_.read(std::move(path), note_bytes_max);
        auto upload = note.error ? std::nullopt : read_upload(note.bytes);
        if (upload) uploads.push_back(std::move(*upload));
    }
    co_return uploads;
}

asio::awaitable<void> Uploads::run(workers::QueueLine& line, workers::Clock& clock) {
    bool goes_on = true;
    while (goes_on) {
        try {
            co_await sweep(line);
        } catch (const std::system_error&) {
            // The directory cannot be read now; the next time it may.
        }
        goes_on = co_await clock.sleep_until(clock.now() + std::chrono::hours{1});
    }
}

asio::awaitable<void> Uploads::sweep(workers::QueueLine& line) {
    const std::vector<Upload> uploads = co_await all();
    for (const Upload& upload : uploads) {
        const bool here = co_await line.has_blob(upload.sha256);
        if (!here) co_await forget(upload.number);  // or the next hour
    }
}

asio::awaitable<std::error_code> Uploads::forget(std::uint64_t number) {
    std::string path = path_of(number);
    const std::error_code error = co_await files_.remove(std::move(path));
    co_return error;
}

}  // namespace genspool::daemon::gateway
