#include "daemon/result_line.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "proto/show.hpp"

namespace genspool::daemon {

namespace json = boost::json;

namespace {

constexpr std::string_view id_before = R"({"id":")";
constexpr std::string_view no_id_before = R"({"id":null,)";
constexpr std::string_view end_before = R"(,"end":)";

std::string quoted(std::string_view text) {
    return json::serialize(json::string(text));
}

std::string quoted_or_null(std::string_view text) {
    return text.empty() ? "null" : quoted(text);
}

/// The request stands in it as the producer wrote it, perhaps over several lines. Within JSON's
/// strings a line break is always escaped, so those that are seen are mere layout.
std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

/// The status an HTTP endpoint would have answered with.
int status_of(const proto::JobRecord& record) {
    if (record.state == proto::State::succeeded) return 200;
    if (record.state == proto::State::canceled || !record.failure) return 409;
    switch (record.failure->failure) {
        case proto::FailureClass::rejected:
            return 422;
        case proto::FailureClass::expired:
            return 410;
        case proto::FailureClass::rate_limited:
            return 429;
        case proto::FailureClass::no_capacity:
            return 503;
        case proto::FailureClass::account:
            return 403;
        case proto::FailureClass::dependency:
            return 424;
        case proto::FailureClass::deadline:
            return 408;
        case proto::FailureClass::transient:
        case proto::FailureClass::artifact:
            return 502;
        case proto::FailureClass::none:
        case proto::FailureClass::poison:
        case proto::FailureClass::unknown:
            return 500;
    }
    return 500;
}

std::string error_of(const proto::JobRecord& record) {
    if (record.state == proto::State::succeeded) return "null";
    std::string code(proto::to_string(record.state));
    std::string message = record.reason;
    if (record.state == proto::State::failed && record.failure) {
        code = record.failure->code;
        if (code.empty()) code = proto::to_string(record.failure->failure);
        message = record.failure->message;
    }
    return R"({"code":)" + quoted(code) + R"(,"message":)" + quoted(message) + "}";
}

}  // namespace

std::string result_line(const queue::JobView& job, proto::EventSeq end,
                        std::string_view artifact_root) {
    const proto::JobRecord& record = job.record;
    const std::string id = record.id.text();
    std::string line(id_before);
    line += id;
    line += R"(","custom_id":)";
    line += quoted_or_null(job.spec.custom_id);
    line += R"(,"response":{"status_code":)";
    line += std::to_string(status_of(record));
    line += R"(,"request_id":)";
    // The last request that was sent, as its spooled reply is named.
    line += record.send == 0 ? "null" : '"' + id + "." + std::to_string(record.send) + '"';
    line += R"(,"body":)";
    proto::ShowExtras extras;
    extras.batch = job.batch_id;
    extras.artifact_root = artifact_root;
    extras.outlook = proto::outlook(record, nullptr, std::nullopt, {});
    line += one_line(proto::show_job(record, job.spec, extras));
    line += R"(},"error":)";
    line += error_of(record);
    line += end_before;
    line += std::to_string(end.value);
    line += "}\n";
    return line;
}

std::string refused_result_line(const queue::RefusedLine& refused) {
    std::string line(no_id_before);
    line += R"("custom_id":)";
    line += quoted_or_null(refused.custom_id);
    line += R"(,"response":null,"error":{"code":)";
    line += quoted(refused.code);
    line += R"(,"message":)";
    line += quoted(refused.message);
    line += R"(,"field":)";
    line += quoted_or_null(refused.field);
    line += R"(,"line":)";
    line += std::to_string(refused.line);
    line += "}";
    line += end_before;
    line += "0}\n";
    return line;
}

}  // namespace genspool::daemon
