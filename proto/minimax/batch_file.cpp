#include "proto/minimax/batch_file.hpp"

#include <boost/json.hpp>
#include <set>

#include "proto/batch_line.hpp"
#include "proto/minimax/chat.hpp"
#include "proto/references.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

std::string body_fault(const json::object& body) {
    const auto references = find_references(body);
    if (!references || !references->empty())
        return "neither $artifact nor $file can stand in a line of a batch";
    const auto checked = chat().check(body);
    return checked ? std::string() : in_line_words(checked.error()).message;
}

/// How the upstream reads a line is written down nowhere, so a line may hold what it will beside
/// what is known of a request.
std::string line_fault(std::string_view text, std::set<std::string>& custom_ids) {
    boost::system::error_code error;
    const json::value line = json::parse(text, error);
    if (error || !line.is_object()) return "it is no JSON object";
    const json::object& fields = line.get_object();
    const json::value* const name = fields.if_contains("custom_id");
    if (name != nullptr && name->is_string()) {
        const bool first = custom_ids.emplace(name->get_string()).second;
        if (!first) return "its custom_id " + json::serialize(*name) + " stands in an earlier line";
    }
    const json::value* const body = fields.if_contains("body");
    const bool readable = body != nullptr && body->is_object();
    return readable ? body_fault(body->get_object()) : std::string();
}

}  // namespace

std::string batch_file_fault(std::string_view bytes) {
    std::set<std::string> custom_ids;
    std::size_t requests = 0;
    for (std::size_t number = 1; !bytes.empty(); ++number) {
        const std::string_view text = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(text.size() + 1, bytes.size()));
        if (text.find_first_not_of(" \t\r") == text.npos) continue;
        if (++requests > batch_lines_max) {
            return "it has more than " + std::to_string(batch_lines_max) +
                   " lines; more than one batch takes";
        }
        const std::string fault = line_fault(text, custom_ids);
        if (!fault.empty()) return "line " + std::to_string(number) + ": " + fault;
    }
    return requests == 0 ? "it has no lines" : "";
}

}  // namespace genspool::proto::minimax
