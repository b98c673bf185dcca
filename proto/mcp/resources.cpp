#include "proto/mcp/resources.hpp"

#include <utility>

#include "proto/base64.hpp"
#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/standing.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::string_view scheme = "genspool://jobs/";
constexpr std::string_view below = "/artifacts/";
/// What is longer is no use inside a message; fetch says where it is.
constexpr std::uint64_t read_bytes_max = 2U << 20U;

json::object artifact_resource(const json::value& job, const json::value& artifact) {
    json::object out;
    out["uri"] = artifact_uri(text_of(job, "id"), member(artifact, "n").to_number<std::uint64_t>());
    out["name"] = text_of(artifact, "name");
    const std::string custom_id = text_of(job, "custom_id");
    out["description"] = text_of(job, "kind") + " of job " + text_of(job, "id") +
                         (custom_id.empty() ? "" : " (" + custom_id + ")");
    const std::string type = text_of(artifact, "media_type");
    if (!type.empty()) out["mimeType"] = type;
    if (const json::value& bytes = member(artifact, "bytes"); bytes.is_number())
        out["size"] = bytes;
    return out;
}

Step tell_resources(const ApiReply& reply) {
    if (reply.way == ApiReply::Way::answered && reply.status >= 400 && reply.status < 500)
        return failed(invalid_params, trouble(reply, Purpose::look));
    if (!reply.good()) return failed(internal_error, trouble(reply, Purpose::look));
    const json::value page = read_json(reply.body);
    Step step;
    json::array& list = step.result["resources"].emplace_array();
    const json::value& jobs = member(page, "jobs");
    if (jobs.is_array()) {
        for (const json::value& job : jobs.get_array()) {
            const json::value& artifacts = member(job, "artifacts");
            if (!artifacts.is_array()) continue;
            for (const json::value& artifact : artifacts.get_array()) {
                if (text_of(artifact, "state") == "home")
                    list.push_back(artifact_resource(job, artifact));
            }
        }
    }
    const std::string next = text_of(page, "next");
    if (!next.empty()) step.result["nextCursor"] = next;
    return step;
}

/// A resource: a job, or one of its files.
struct Place {
    std::string uri;
    std::string job;
    std::string artifact;  ///< its number; empty: the job itself
};

std::optional<Place> read_uri(const std::string& uri) {
    if (!uri.starts_with(scheme)) return std::nullopt;
    const std::string rest = uri.substr(scheme.size());
    const std::size_t end = std::min(rest.find('/'), rest.size());
    Place place{uri, rest.substr(0, end), {}};
    if (place.job.empty()) return std::nullopt;
    if (end == rest.size()) return place;
    if (!std::string_view(rest).substr(end).starts_with(below)) return std::nullopt;
    place.artifact = rest.substr(end + below.size());
    const bool number = !place.artifact.empty() && place.artifact.size() <= 9 &&
                        place.artifact.find_first_not_of("0123456789") == std::string::npos;
    return number ? std::optional(std::move(place)) : std::nullopt;
}

Step not_found(const std::string& uri, const std::string& why, std::string_view revision) {
    json::object data;
    data["uri"] = uri;
    return failed(revision == stateless_revision ? invalid_params : resource_not_found, why,
                  std::move(data));
}

Step unreadable(const ApiReply& reply, const Place& place, std::string_view revision) {
    const std::string why = trouble(reply, Purpose::look);
    const bool refused = reply.way == ApiReply::Way::answered && reply.status < 500;
    return refused ? not_found(place.uri, why, revision) : failed(internal_error, why);
}

Step contents(json::object one) {
    Step step;
    step.result["contents"].emplace_array().push_back(std::move(one));
    return step;
}

bool is_text(const std::string& type) {
    return type.starts_with("text/") || type.find("json") != std::string::npos ||
           type.find("srt") != std::string::npos;
}

Step read_bytes(const Place& place, const std::string& type, std::string_view revision) {
    ApiCall api;
    api.target = "/v1/jobs/" + encoded(place.job) + "/artifacts/" + place.artifact;
    return call(std::move(api), [place, type, revision](const ApiReply& reply) {
        if (!reply.good()) return unreadable(reply, place, revision);
        json::object out;
        out["uri"] = place.uri;
        out["mimeType"] = type.empty() ? "application/octet-stream" : type;
        if (is_text(type)) {
            out["text"] = bounded_utf8(reply.body, read_bytes_max);
        } else {
            out["blob"] = base64_encode(reply.body);
        }
        return contents(std::move(out));
    });
}

Step read_artifact(const Place& place, const json::value& job, std::string_view revision) {
    const json::value& artifacts = member(job, "artifacts");
    const json::value* found = nullptr;
    if (artifacts.is_array()) {
        for (const json::value& each : artifacts.get_array()) {
            if (text_of(each, "n") == place.artifact && text_of(each, "state") == "home")
                found = &each;
        }
    }
    if (found == nullptr)
        return not_found(place.uri, "There is no such file. " + advice(job), revision);
    const json::value& bytes = member(*found, "bytes");
    const auto size = bytes.is_number() ? bytes.to_number<std::uint64_t>() : 0;
    if (size > read_bytes_max) {
        return failed(invalid_params,
                      "It has " + std::to_string(size) + " bytes, and at most " +
                          std::to_string(read_bytes_max) +
                          " can be read here. The tool fetch saves it, or says where it is.");
    }
    return read_bytes(place, text_of(*found, "media_type"), revision);
}

}  // namespace

Step list_resources(const Message& message, const Client& /*client*/) {
    ApiCall api;
    api.target = "/v1/jobs?state=succeeded&limit=50";
    const std::string cursor = text_of(message.params, "cursor");
    if (!cursor.empty()) api.target += "&cursor=" + encoded(cursor);
    return call(std::move(api), tell_resources);
}

Step read_resource(const Message& message, const Client& client) {
    const std::string uri = text_of(message.params, "uri");
    const std::string_view revision = client.revision;
    const auto place = read_uri(uri);
    if (!place) return not_found(uri, "There is no resource of that name.", revision);
    ApiCall api;
    api.target = "/v1/jobs/" + encoded(place->job);
    return call(std::move(api), [place = *place, revision](const ApiReply& reply) {
        if (!reply.good()) return unreadable(reply, place, revision);
        if (!place.artifact.empty()) return read_artifact(place, read_json(reply.body), revision);
        json::object out;
        out["uri"] = place.uri;
        out["mimeType"] = "application/json";
        out["text"] = compact_json(summary(read_json(reply.body)));
        return contents(std::move(out));
    });
}

json::object list_templates() {
    json::object out;
    json::array& list = out["resourceTemplates"].emplace_array();
    json::object job;
    job["uriTemplate"] = "genspool://jobs/{id}";
    job["name"] = "job";
    job["description"] = "A job: its state, cost and files";
    job["mimeType"] = "application/json";
    list.push_back(std::move(job));
    json::object artifact;
    artifact["uriTemplate"] = "genspool://jobs/{id}/artifacts/{n}";
    artifact["name"] = "artifact";
    artifact["description"] = "The n-th file of a job, of at most 2 MiB";
    list.push_back(std::move(artifact));
    return out;
}

}  // namespace genspool::proto::mcp
