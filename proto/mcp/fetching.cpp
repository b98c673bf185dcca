#include <boost/url/encode.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <set>
#include <string>

#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

/// What is to be told in the end, and which files are still to be saved before.
struct Fetching {
    Client client;
    std::string directory;  ///< empty: nothing is saved
    json::value job;
    json::object shown;  ///< its summary
    std::size_t next = 0;
    std::set<std::string> names = {};  ///< that files of this job have been saved under
};

std::string last_part(const std::string& name) {
    const std::string part = name.substr(name.rfind('/') + 1);
    return part.empty() || part == "." || part == ".." ? "file" : part;
}

/// Two files of a job may have the same last part: the second is NAME~2. The same at each repeat.
std::string own_name(const std::string& name, std::set<std::string>& taken) {
    const std::string part = last_part(name);
    const std::size_t dot = part.rfind('.');
    const std::size_t stem = dot == std::string::npos || dot == 0 ? part.size() : dot;
    std::string own = part;
    for (int n = 2; !taken.insert(own).second; ++n)
        own = part.substr(0, stem) + "~" + std::to_string(n) + part.substr(stem);
    return own;
}

std::string file_uri(const std::string& path) {
    constexpr auto kept = boost::urls::pchars + '/';
    return "file://" + boost::urls::encode(path, kept);
}

/// Resource links came with revision 2025-06-18; older clients take them for a mistake.
bool knows_links(std::string_view revision) {
    return revision >= "2025-06-18";
}

json::object link_to(const json::value& artifact) {
    json::object link;
    link["type"] = "resource_link";
    const std::string saved = text_of(artifact, "saved");
    link["uri"] = saved.empty() ? text_of(artifact, "uri") : file_uri(saved);
    link["name"] = last_part(text_of(artifact, "name"));
    const std::string type = text_of(artifact, "media_type");
    if (!type.empty()) link["mimeType"] = type;
    if (const json::value& bytes = member(artifact, "bytes"); bytes.is_number())
        link["size"] = bytes;
    return link;
}

Step tell_files(const Fetching& fetching) {
    json::object content;
    content["advice"] = advice(fetching.job);
    content["job"] = fetching.shown;
    Step step = told(std::move(content));
    if (!knows_links(fetching.client.revision)) return step;
    const json::value job = fetching.shown;
    if (const json::value& artifacts = member(job, "artifacts"); artifacts.is_array()) {
        for (const json::value& artifact : artifacts.get_array()) {
            if (!text_of(artifact, "uri").empty())
                step.result["content"].get_array().push_back(link_to(artifact));
        }
    }
    return step;
}

Step save_next(Fetching fetching) {
    json::value* const artifacts = fetching.shown.if_contains("artifacts");
    const std::size_t files = artifacts == nullptr ? 0 : artifacts->get_array().size();
    while (fetching.next < files && text_of(artifacts->get_array()[fetching.next], "uri").empty())
        ++fetching.next;
    if (fetching.directory.empty() || fetching.next >= files) return tell_files(fetching);
    const json::value& artifact = artifacts->get_array()[fetching.next];
    ApiCall api;
    api.target = "/v1/jobs/" + encoded(text_of(fetching.shown, "id")) + "/artifacts/" +
                 text_of(artifact, "n");
    api.save_in = fetching.directory;
    api.save_as = own_name(text_of(artifact, "name"), fetching.names);
    const json::value& whole = member(fetching.job, "artifacts").get_array()[fetching.next];
    api.save_sha256 = text_of(whole, "sha256");
    return call(std::move(api), [fetching = std::move(fetching)](const ApiReply& reply) {
        if (!reply.good())
            return refused(trouble(reply, Purpose::look) +
                           " The file is safe with the daemon; nothing needs to be bought again.");
        Fetching saved = fetching;
        json::value& files_shown = saved.shown["artifacts"];
        files_shown.get_array()[saved.next++].get_object()["saved"] = reply.body;
        return save_next(std::move(saved));
    });
}

}  // namespace

Step fetch(const ToolCall& tool) {
    Fetching fetching;
    fetching.client = tool.client;
    fetching.directory = text_of(tool.arguments, "directory");
    return call(job_call(tool), [fetching = std::move(fetching)](const ApiReply& reply) {
        if (!reply.good()) return refused(trouble(reply, Purpose::look));
        Fetching found = fetching;
        found.job = read_json(reply.body);
        found.shown = summary(found.job);
        if (!has_settled(found.job)) return refused(advice(found.job));
        return save_next(std::move(found));
    });
}

}  // namespace genspool::proto::mcp
