#include "tests/simulator/uploads.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <optional>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

/// Called for each value of a request that is no object and no array, with the name of its member.
using Visit = std::function<void(std::string_view name, const json::value& value)>;

void walk(std::string_view name, const json::value& value, const Visit& visit) {
    if (const json::array* items = value.if_array()) {
        for (const json::value& item : *items)
            walk({}, item, visit);
    } else if (const json::object* fields = value.if_object()) {
        for (const auto& member : *fields)
            walk(member.key(), member.value(), visit);
    } else {
        visit(name, value);
    }
}

/// The purpose for which a member of that name wants a file; empty: it names none.
std::string_view purpose_of(std::string_view name) {
    if (name == "file_id") return "voice_clone";
    if (name == "text_file_id") return "t2a_async_input";
    if (name == "input_file_id") return "batch";
    return name == "prompt_audio" ? "prompt_audio" : "";
}

std::optional<std::string_view> base64_of(std::string_view name, const json::value& value) {
    constexpr std::string_view marker = ";base64,";
    const json::string* const text = value.if_string();
    if (text == nullptr) return std::nullopt;
    const std::string_view whole = *text;
    if (name == "audio_base64") return whole;
    const std::size_t at = whole.starts_with("data:") ? whole.find(marker) : whole.npos;
    if (at == whole.npos) return std::nullopt;
    return whole.substr(at + marker.size());
}

/// The parts of a multipart body by their names.
std::unordered_map<std::string, std::string_view> parts_of(std::string_view body) {
    constexpr std::string_view name_is = " name=\"";
    std::unordered_map<std::string, std::string_view> parts;
    const std::string edge = "\r\n" + std::string(body.substr(0, body.find("\r\n")));
    std::size_t at = edge.size();
    while (at < body.size()) {
        const std::size_t head = body.find("\r\n\r\n", at);
        const std::size_t end = body.find(edge, head);
        if (head == body.npos || end == body.npos) break;
        const std::string_view words = body.substr(at, head - at);
        const std::size_t name = words.find(name_is);
        if (name == words.npos) break;
        const std::size_t first = name + name_is.size();
        parts.emplace(words.substr(first, words.find('"', first) - first),
                      body.substr(head + 4, end - head - 4));
        at = end + edge.size();
    }
    return parts;
}

std::string file_name_in(std::string_view body) {
    constexpr std::string_view name_is = "filename=\"";
    const std::size_t at = body.find(name_is);
    if (at == body.npos) return {};
    const std::string_view name = body.substr(at + name_is.size());
    return std::string(name.substr(0, name.find('"')));
}

}  // namespace

const UploadedFile* find_upload(const Uploads& uploads, std::string_view name,
                                const json::value& id) {
    std::int64_t number = id.is_int64() ? id.get_int64() : 0;
    // The only one that is a text.
    if (name == "input_file_id" && id.is_string()) {
        const std::string_view text = id.get_string();
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    const auto found = uploads.find(number);
    return found == uploads.end() ? nullptr : &found->second;
}

std::string fault_of_uploads(const json::object& request, const Uploads& uploads,
                             std::string_view account) {
    std::string fault;
    walk({}, request, [&](std::string_view name, const json::value& value) {
        const std::string_view purpose = purpose_of(name);
        if (purpose.empty()) return;
        const UploadedFile* const file = find_upload(uploads, name, value);
        const bool fits = file != nullptr && file->account == account && file->purpose == purpose;
        if (!fits) fault = "invalid file_id in " + std::string(name);
    });
    return fault;
}

std::vector<std::string> files_in(const json::object& request, const Uploads& uploads) {
    std::vector<std::string> files;
    walk({}, request, [&](std::string_view name, const json::value& value) {
        if (const auto encoded = base64_of(name, value)) {
            const auto bytes = from_base64(*encoded);
            files.push_back(bytes ? sha256_hex(*bytes) : "no base64");
        } else if (const UploadedFile* file = find_upload(uploads, name, value);
                   file != nullptr && !purpose_of(name).empty()) {
            files.push_back(file->sha256);
        }
    });
    return files;
}

json::object told_of(std::int64_t id, const UploadedFile& file) {
    json::object told;
    told.emplace("file_id", id);
    told.emplace("bytes", file.bytes.size());
    told.emplace("created_at", file.made_at.time_since_epoch().count() / 1000);
    told.emplace("filename", file.name);
    told.emplace("purpose", file.purpose);
    return told;
}

ModelReply upload_file(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    constexpr std::int64_t first_id = 1'152'921'504'606'846'977;  // 2^60 + 1
    const auto parts = parts_of(call.request.body);
    const auto purpose = parts.find("purpose");
    const auto file = parts.find("file");
    if (purpose == parts.end() || file == parts.end() || file->second.empty())
        return answer_invalid("purpose and file are required");
    const std::int64_t id = first_id + 2 * static_cast<std::int64_t>(world.next_number());
    UploadedFile& kept = world.uploads[id];
    kept.account = call.account;
    kept.purpose = purpose->second;
    kept.sha256 = sha256_hex(file->second);
    kept.name = file_name_in(call.request.body);
    kept.bytes = file->second;
    kept.made_at = call.now;
    ModelReply reply = answer_ok(json::object{{"file", told_of(id, kept)}});
    reply.delay = world.options.latency / 2;
    return reply;
}

}  // namespace genspool::simulator
