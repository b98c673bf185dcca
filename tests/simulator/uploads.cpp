#include "tests/simulator/uploads.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <optional>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/form.hpp"
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

/// A file that a request names, and what it must have been uploaded for.
struct Named {
    std::string_view purpose;
    std::int64_t id = 0;  ///< 0: it is no id at all
};

constexpr std::string_view scheme = "mm_file://";
constexpr std::string_view song_prefix = "song-";

std::int64_t number_in(std::string_view text, std::string_view prefix) {
    std::int64_t number = 0;
    if (text.starts_with(prefix))
        std::from_chars(text.data() + prefix.size(), text.data() + text.size(), number);
    return number;
}

/// What a member of that name names; nullopt: no file. `shown`: for a model that looks at it.
std::optional<Named> named_by(std::string_view name, const json::value& value, bool shown) {
    const json::string* const string = value.if_string();
    const std::string_view text = string != nullptr ? std::string_view(*string) : "";
    if (text.starts_with(scheme))
        return Named{shown ? "video_understanding" : "video_generation_input",
                     number_in(text, scheme)};
    // An id that is told as a text.
    if (name == "input_file_id") return Named{"batch", number_in(text, "")};
    if (name == "refer_voice") return Named{"voice", number_in(text, song_prefix)};
    if (name == "refer_instrumental") return Named{"instrumental", number_in(text, song_prefix)};
    const std::int64_t* const number = value.if_int64();
    const std::int64_t id = number != nullptr ? *number : 0;
    if (name == "file_id") return Named{"voice_clone", id};
    if (name == "text_file_id") return Named{"t2a_async_input", id};
    if (name == "prompt_audio") return Named{"prompt_audio", id};
    return std::nullopt;
}

std::optional<Named> named_by(const json::object& request, std::string_view name,
                              const json::value& value) {
    return named_by(name, value, request.contains("messages"));
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

const UploadedFile* find(const Uploads& uploads, const Named& named) {
    const auto found = uploads.find(named.id);
    return found == uploads.end() ? nullptr : &found->second;
}

/// A form with what it is for and a file, kept; 0: it is none.
std::int64_t keep(World& world, const Call& call) {
    constexpr std::int64_t first_id = 1'152'921'504'606'846'977;  // 2^60 + 1
    const auto form = read_form(call.request.body);
    const FormPart* const purpose = find_part(form, "purpose");
    const FormPart* const file = find_part(form, "file");
    if (purpose == nullptr || file == nullptr || file->bytes.empty()) return 0;
    const std::int64_t id = first_id + 2 * static_cast<std::int64_t>(world.next_number());
    UploadedFile& kept = world.uploads[id];
    kept.account = call.account;
    kept.purpose = purpose->bytes;
    kept.sha256 = sha256_hex(file->bytes);
    kept.name = file->file_name;
    kept.bytes = file->bytes;
    kept.made_at = call.now;
    return id;
}

ModelReply answer_upload(const World& world, json::object answer) {
    ModelReply reply = answer_ok(std::move(answer));
    reply.delay = world.options.latency / 2;
    return reply;
}

}  // namespace

const UploadedFile* find_upload(const Uploads& uploads, std::string_view name,
                                const json::value& id) {
    const auto named = named_by(name, id, false);
    return named ? find(uploads, *named) : nullptr;
}

std::string fault_of_uploads(const json::object& request, const Uploads& uploads,
                             std::string_view account, proto::Instant now) {
    std::string fault;
    walk({}, request, [&](std::string_view name, const json::value& value) {
        const auto named = named_by(request, name, value);
        if (!named) return;
        const UploadedFile* const file = find(uploads, *named);
        const bool fits =
            file != nullptr && file->account == account && file->purpose == named->purpose;
        if (!fits) {
            fault = "invalid file_id in " + std::string(name);
        } else if (now - file->made_at > std::chrono::hours(24 * 7)) {
            fault = "file expired";
        }
    });
    return fault;
}

std::vector<std::string> files_in(const json::object& request, const Uploads& uploads) {
    std::vector<std::string> files;
    walk({}, request, [&](std::string_view name, const json::value& value) {
        if (const auto encoded = base64_of(name, value)) {
            const auto bytes = from_base64(*encoded);
            files.push_back(bytes ? sha256_hex(*bytes) : "no base64");
        } else if (const auto named = named_by(request, name, value)) {
            if (const UploadedFile* file = find(uploads, *named)) files.push_back(file->sha256);
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
    const std::int64_t id = keep(world, call);
    if (id == 0) return answer_invalid("purpose and file are required");
    return answer_upload(world, json::object{{"file", told_of(id, world.uploads.at(id))}});
}

/// A song's voice, or what is played to it, each under an id of its own.
ModelReply upload_song(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const std::int64_t id = keep(world, call);
    if (id == 0) return answer_invalid("purpose and file are required");
    const std::string purpose = world.uploads.at(id).purpose;
    if (purpose != "voice" && purpose != "instrumental") {
        world.uploads.erase(id);
        return answer_invalid("purpose is not taken here");
    }
    const std::string song = std::string(song_prefix) + std::to_string(id);
    return answer_upload(world, json::object{{purpose + "_id", song}});
}

}  // namespace genspool::simulator
