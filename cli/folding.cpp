#include "cli/folding.hpp"

#include <boost/json.hpp>
#include <set>

#include "proto/batch_line.hpp"
#include "proto/catalog/catalog.hpp"
#include "proto/raw_member.hpp"
#include "proto/references.hpp"
#include "proto/utf8.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

/// What one batch takes upstream.
constexpr std::size_t lines_max = 50'000;
constexpr std::size_t custom_id_max = 256;

/// One line taken apart: the job's members, and its request as it was written.
struct Line {
    json::object job;
    std::string body;
    std::string fault;
};

Line faulty(std::string fault) {
    Line line;
    line.fault = std::move(fault);
    return line;
}

Line read_line(std::string_view text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) return faulty("it is not JSON: " + error.message());
    if (!value.is_object()) return faulty("it is no JSON object");
    Line line;
    line.job = std::move(value.get_object());
    const bool openai = proto::is_openai_line(line.job);
    if (openai) {
        const bool named = line.job.contains("provider");
        auto job = proto::job_of_openai_line(std::move(line.job), proto::catalog());
        if (!job) return faulty(job.error().message);
        line.job = std::move(*job);
        // The folded job says whose it is, not each of its lines.
        if (!named) line.job.erase("provider");
    }
    const json::value* const name = line.job.if_contains("custom_id");
    if (name != nullptr && name->is_null()) line.job.erase("custom_id");
    const json::value* const request = line.job.if_contains("request");
    if (request == nullptr || !request->is_object()) return faulty("it holds no request");
    const auto written = proto::raw_member(text, openai ? "body" : "request");
    line.body = written ? std::string(*written) : json::serialize(*request);
    return line;
}

/// Why a job cannot be one of many in a file; empty: it can.
std::string fault_of(const json::object& job) {
    const json::value* const kind = job.if_contains("kind");
    if (kind == nullptr || *kind != "chat") return "only jobs of kind chat can be folded";
    for (const auto& member : job) {
        const std::string_view name = member.key();
        if (name != "kind" && name != "request" && name != "custom_id")
            return std::string(name) + " cannot stand in a folded line: say it of the whole job";
    }
    const json::value* const name = job.if_contains("custom_id");
    if (name != nullptr && (!name->is_string() || name->get_string().empty() ||
                            proto::code_points(name->get_string()) > custom_id_max))
        return "custom_id must be a text of up to " + std::to_string(custom_id_max) + " characters";
    const auto references = proto::find_references(job.at("request").get_object());
    if (!references || !references->empty())
        return "neither $artifact nor $file can stand in a folded line";
    return {};
}

/// Puts the line behind the others, or its fault among theirs.
void fold_line(Folded& folded, std::set<std::string>& names, std::string_view text,
               std::size_t number) {
    Line line = read_line(text);
    if (line.fault.empty()) line.fault = fault_of(line.job);
    std::string name = "line-" + std::to_string(number);
    if (line.fault.empty()) {
        if (const json::value* const given = line.job.if_contains("custom_id"))
            name = given->get_string();
        if (!names.insert(name).second)
            line.fault = "custom_id " + name + " stands in an earlier line";
    }
    if (!line.fault.empty()) {
        folded.faults.push_back("line " + std::to_string(number) + ": " + line.fault);
        return;
    }
    folded.text += R"({"custom_id":)" + json::serialize(json::value(name)) +
                   R"(,"method":"POST","url":"/v1/text/chatcompletion_v2","body":)" + line.body +
                   "}\n";
}

}  // namespace

Folded fold_chat_lines(std::string_view lines) {
    if (lines.starts_with(proto::byte_order_mark))
        lines.remove_prefix(proto::byte_order_mark.size());
    Folded folded;
    std::set<std::string> names;
    std::size_t requests = 0;
    for (std::size_t number = 1; !lines.empty(); ++number) {
        std::string_view text = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(text.size() + 1, lines.size()));
        while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
            text.remove_suffix(1);
        if (text.find_first_not_of(" \t") == text.npos) continue;
        if (++requests > lines_max) {
            folded.faults.push_back("line " + std::to_string(number) + ": one batch takes " +
                                    std::to_string(lines_max) + " lines; cut the file in parts");
            return folded;
        }
        fold_line(folded, names, text, number);
    }
    if (requests == 0) folded.faults.emplace_back("there are no lines in it");
    return folded;
}

}  // namespace genspool::cli
