#include "proto/batch_line.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <boost/url.hpp>

#include "proto/codec.hpp"
#include "proto/job_json.hpp"
#include "proto/json_fields.hpp"
#include "proto/raw_member.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 32;
constexpr std::size_t url_max = 2048;

/// What a line's url orders, and where; no provider: several sell it.
struct Place {
    const PaidPath* sold = nullptr;
    std::string_view provider;
};

/// What an upstream's own addresses have before its paths; a line may leave it out.
std::string_view root_of(const Provider& provider) {
    std::string_view address = provider.default_base_url();
    address.remove_prefix(address.find("://") + 3);
    const std::size_t root = address.find('/');
    return root == std::string_view::npos ? std::string_view() : address.substr(root);
}

/// The path alone decides: a host or a query (a group id) says where and as whom, not what.
std::optional<Place> find_place(std::string_view url, const Registry& registry) {
    const auto parsed = boost::urls::parse_uri_reference(url);
    if (!parsed) return std::nullopt;
    std::optional<Place> place;
    for (const Provider* provider : registry.providers()) {
        std::string_view path = parsed->encoded_path();
        const std::string_view root = root_of(*provider);
        if (path.starts_with(root)) path.remove_prefix(root.size());
        const auto paths = provider->paid_paths();
        const auto sold = std::ranges::find(paths, path, &PaidPath::path);
        if (sold == paths.end()) continue;
        place = Place{&*sold, place ? std::string_view() : provider->name()};
    }
    return place;
}

std::string known_paths(const Registry& registry) {
    std::string out;
    for (const Provider* provider : registry.providers()) {
        for (const PaidPath& each : provider->paid_paths()) {
            if (!out.empty()) out += ", ";
            out += each.path;
        }
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

/// A line as the job that it orders.
struct OrderedJob {
    json::object job;
    bool as_written = true;  ///< its request is the line's body
};

Result<OrderedJob> read_openai_line(json::object line, const Registry& registry) {
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
    const auto place = url ? find_place(*url, registry) : std::nullopt;
    if (!place) fields.refuse_value("url", "one of " + known_paths(registry), line["url"]);
    fields.object("body");
    if (fields.refused()) return *fields.refused();

    json::value body = std::move(line["body"]);
    const bool as_written = place->sold->put_in_words == nullptr;
    if (!as_written) place->sold->put_in_words(body.as_object());
    for (const std::string_view name : {"method", "url", "body"})
        line.erase(name);
    line.emplace("kind", to_string(place->sold->kind));
    // Unless the line names one itself.
    if (!place->provider.empty()) line.emplace("provider", place->provider);
    line.emplace("request", std::move(body));
    return OrderedJob{std::move(line), as_written};
}

}  // namespace

bool is_openai_line(const json::object& object) {
    const bool is_job = object.contains("kind") || object.contains("request");
    return !is_job && (object.contains("url") || object.contains("body"));
}

Result<json::object> job_of_openai_line(json::object line, const Registry& registry) {
    auto ordered = read_openai_line(std::move(line), registry);
    if (!ordered) return ordered.error();
    return std::move(ordered->job);
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
    const auto ordered = read_openai_line(std::move(object), context.registry);
    if (!ordered) return ordered.error();
    const std::string_view body = raw_member(line, "body").value_or("");
    auto parsed = parse_job(ordered->job, context, ordered->as_written ? body : "");
    if (!parsed) return in_line_words(parsed.error());
    for (FilePlace& place : parsed->inputs)
        place.reference.path.replace(0, job_word.size(), line_word);
    for (NamedThing& named : parsed->checked.names)
        named.field.replace(0, job_word.size(), line_word);
    return parsed;
}

}  // namespace genspool::proto
