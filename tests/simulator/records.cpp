#include "tests/simulator/records.hpp"

#include <boost/json.hpp>

namespace genspool::simulator {
namespace {

namespace json = boost::json;

void put(json::object& line, std::string_view name, const std::string& value) {
    if (!value.empty()) line.emplace(name, value);
}

}  // namespace

std::string to_json_line(const TruthRecord& record) {
    json::object line;
    put(line, "time", proto::format_rfc3339(record.time));
    put(line, "account", record.account);
    put(line, "endpoint", record.endpoint);
    put(line, "task", record.task);
    if (!record.others.empty())
        line.emplace("others", json::array(record.others.begin(), record.others.end()));
    put(line, "sha256", record.sha256);
    put(line, "prompt", record.prompt);
    put(line, "ref", record.ref);
    if (!record.files.empty())
        line.emplace("files", json::array(record.files.begin(), record.files.end()));
    json::array artifacts;
    for (const auto& artifact : record.artifacts) {
        json::object item;
        item.emplace("sha256", artifact.sha256);
        item.emplace("bytes", artifact.bytes);
        artifacts.emplace_back(std::move(item));
    }
    line.emplace("artifacts", std::move(artifacts));
    put(line, "outcome", record.outcome);
    return json::serialize(line);
}

std::string to_json_line(const FaultRecord& record) {
    json::object line;
    put(line, "time", proto::format_rfc3339(record.time));
    put(line, "fault", record.fault);
    put(line, "endpoint", record.endpoint);
    put(line, "task", record.task);
    put(line, "sha256", record.sha256);
    line.emplace("ambiguous", record.ambiguous);
    return json::serialize(line);
}

std::string to_json_line(const ViolationRecord& record) {
    json::object line;
    put(line, "time", proto::format_rfc3339(record.time));
    put(line, "violation", record.violation);
    put(line, "account", record.account);
    if (record.slot) {
        line.emplace("class", to_string(*record.slot));
        put(line, "sha256", record.sha256);
        line.emplace("used", record.used);
        line.emplace("limit", record.limit);
    }
    return json::serialize(line);
}

}  // namespace genspool::simulator
