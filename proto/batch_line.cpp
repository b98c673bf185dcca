#include "proto/batch_line.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/url.hpp>

#include "proto/job_json.hpp"
#include "proto/json_fields.hpp"
#include "proto/raw_member.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 32;
constexpr std::size_t url_max = 2048;

struct Endpoint {
    std::string_view path;
    Kind kind;
    std::string_view provider{};  ///< that alone has it, where the line names none
};

constexpr std::array<Endpoint, 23> endpoints = {{
    {"/v1/video_generation", Kind::video},
    {"/v2/video_generation", Kind::video},
    {"/v2/video_regeneration", Kind::video},
    {"/v2/h3_context_ir", Kind::chat},
    {"/v1/video_template_generation", Kind::video_template},
    {"/v1/t2a_v2", Kind::tts},
    {"/v1/t2a_async_v2", Kind::tts},
    {"/ws/v1/t2a_v2", Kind::tts},
    {"/v1/image_generation", Kind::image},
    {"/v1/music_generation", Kind::music},
    {"/v1/lyrics_generation", Kind::lyrics},
    {"/v1/music_cover_preprocess", Kind::lyrics},
    {"/v1/voice_clone", Kind::voice_clone},
    {"/v1/voice_design", Kind::voice_design},
    {"/v1/text/chatcompletion_v2", Kind::chat},
    {"/v1/chat/completions", Kind::chat},
    {"/v1/batches", Kind::chat_batch},
    {"/videos/create", Kind::video, "useapi"},
    {"/videos/agent-create", Kind::video_template, "useapi"},
    {"/images/create", Kind::image, "useapi"},
    {"/agent", Kind::agent, "useapi"},
    {"/speech/create", Kind::tts, "useapi"},
    {"/music/create", Kind::music, "useapi"},
}};

/// What useapi.net has before its paths; a line may leave it out.
constexpr std::string_view useapi_root = "/v1/minimax";

/// The path alone decides: a host or a query (a group id) says where and as whom, not what.
const Endpoint* find_endpoint(std::string_view url) {
    const auto parsed = boost::urls::parse_uri_reference(url);
    if (!parsed) return nullptr;
    std::string_view path = parsed->encoded_path();
    if (path.starts_with(useapi_root)) path.remove_prefix(useapi_root.size());
    for (const Endpoint& endpoint : endpoints) {
        if (endpoint.path == path) return &endpoint;
    }
    return nullptr;
}

std::string known_paths() {
    std::string out;
    for (const Endpoint& endpoint : endpoints) {
        if (!out.empty()) out += ", ";
        out += endpoint.path;
    }
    return out;
}

Refused bad_json(std::size_t offset, std::string_view what) {
    return Refused{"bad_json", "",
                   "not JSON at byte " + std::to_string(offset) + ": " + std::string(what)};
}

Result<json::value> parse_text(std::string_view text, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = depth_max;
    std::array<unsigned char, 4096> scratch;
    json::parser parser(storage, options, scratch.data(), scratch.size());
    boost::system::error_code ec;
    const std::size_t read = parser.write_some(text.data(), text.size(), ec);
    if (ec) return bad_json(read, ec.message());
    if (read < text.size()) return bad_json(read, "something follows the value");
    return parser.release();
}

/// What a job calls "request", a line calls "body".
constexpr std::string_view job_word = "request";
constexpr std::string_view line_word = "body";

}  // namespace

bool is_openai_line(const json::object& object) {
    const bool is_job = object.contains("kind") || object.contains("request");
    return !is_job && (object.contains("url") || object.contains("body"));
}

Result<json::object> job_of_openai_line(json::object line) {
    JsonFields fields(line);
    for (const std::string_view name : {"method", "url", "body"}) {
        if (fields.find(name) == nullptr) {
            fields.refuse("missing", name, std::string(name) + " is required");
        }
    }
    if (const auto* method = fields.find("method"); method && *method != "POST") {
        fields.refuse_value("method", "\"POST\"", *method);
    }
    const auto url = fields.text("url", 1, url_max);
    const Endpoint* const endpoint = url ? find_endpoint(*url) : nullptr;
    if (endpoint == nullptr) fields.refuse_value("url", "one of " + known_paths(), line["url"]);
    fields.object("body");
    if (fields.refused()) return *fields.refused();

    json::value body = std::move(line["body"]);
    for (const std::string_view name : {"method", "url", "body"})
        line.erase(name);
    line.emplace("kind", to_string(endpoint->kind));
    if (!endpoint->provider.empty()) line.emplace("provider", endpoint->provider);
    line.emplace("request", std::move(body));
    return line;
}

Refused in_line_words(Refused refused) {
    const std::string field = refused.field;
    if (!field.starts_with(job_word)) return refused;
    refused.field.replace(0, job_word.size(), line_word);
    if (const auto at = refused.message.find(field); at != std::string::npos) {
        refused.message.replace(at, job_word.size(), line_word);
    }
    return refused;
}

Result<ParsedJob> parse_line(std::string_view line, const AdmissionContext& context) {
    std::array<unsigned char, 8192> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    auto value = parse_text(line, &memory);
    if (!value) return value.error();
    if (!value->is_object()) {
        return Refused{"invalid", "", "a job must be a JSON object, not " + shown(*value)};
    }
    json::object& object = value->get_object();
    if (!is_openai_line(object)) {
        return parse_job(object, context, raw_member(line, "request").value_or(""));
    }
    const auto job = job_of_openai_line(std::move(object));
    if (!job) return job.error();
    auto parsed = parse_job(*job, context, raw_member(line, "body").value_or(""));
    if (!parsed) return in_line_words(parsed.error());
    for (FilePlace& place : parsed->inputs)
        place.reference.path.replace(0, job_word.size(), line_word);
    for (NamedThing& named : parsed->checked.names)
        named.field.replace(0, job_word.size(), line_word);
    return parsed;
}

}  // namespace genspool::proto
