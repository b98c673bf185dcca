// The API's description is held against the API.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/api_description.hpp"
#include "daemon/problem_kinds.hpp"
#include "daemon/router.hpp"
#include "proto/build.hpp"
#include "proto/catalog/catalog.hpp"
#include "proto/failure.hpp"
#include "proto/job.hpp"
#include "proto/lifecycle.hpp"
#include "proto/money.hpp"
#include "proto/show.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/support/json_schema.hpp"

using namespace genspool;
using namespace genspool::tests;
namespace json = boost::json;

namespace {

using Names = std::set<std::string>;

const json::value& document() {
    static const json::value parsed = json::parse(daemon::api_description().bytes);
    return parsed;
}

const json::value& at(const std::string& pointer) {
    return document().at_pointer(pointer);
}

Names words_of(const json::value& list) {
    Names names;
    for (const json::value& each : list.as_array())
        CHECK(names.insert(std::string(each.as_string())).second);
    return names;
}

Names words_at(const std::string& schema) {
    return words_of(at("/components/schemas/" + schema + "/enum"));
}

/// The names of an enum's values from `first` on; to_string() throws where they end.
template <class Enum>
Names names_of(std::size_t first) {
    Names names;
    try {
        for (std::size_t n = first;; ++n)
            names.emplace(to_string(static_cast<Enum>(n)));
    } catch (const std::out_of_range&) {
        return names;
    }
}

/// "/v1/jobs/{id}" as the table of routes has it: "/v1/jobs/{}".
std::string as_pattern(const std::string& path) {
    std::string pattern = std::regex_replace(path, std::regex(R"(/\{rest\})"), "{*}");
    return std::regex_replace(pattern, std::regex(R"(\{\w+\})"), "{}");
}

/// The operation for that route; null: it is not in the document.
const json::object* operation_of(const std::string& method, const std::string& pattern) {
    std::string name = method;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    for (const auto& [path, item] : at("/paths").as_object()) {
        if (as_pattern(std::string(path)) != pattern) continue;
        const json::value* const operation = item.as_object().if_contains(name);
        return operation == nullptr ? nullptr : &operation->as_object();
    }
    return nullptr;
}

/// What the document says that this operation answers with that status; null: nothing.
const json::value* answer_of(const json::object& operation, int status) {
    const json::object& answers = operation.at("responses").as_object();
    const json::value* answer = answers.if_contains(std::to_string(status));
    if (answer == nullptr) return nullptr;
    const json::value* const elsewhere = answer->as_object().if_contains("$ref");
    return elsewhere == nullptr ? answer
                                : &document().at_pointer(elsewhere->as_string().subview(1));
}

/// A client all of whose replies are held against the document.
struct Tour {
    ApiReply call(const std::string& method, const std::string& pattern, const std::string& target,
                  const std::string& body = {}, const Headers& headers = {}) {
        ApiReply reply = client.call(method, target, body, headers);
        CAPTURE(method);
        CAPTURE(target);
        CAPTURE(reply.body);
        const json::object* const operation = operation_of(method, pattern);
        REQUIRE(operation != nullptr);
        const json::value* const answer = answer_of(*operation, reply.status);
        INFO("status ", reply.status);
        REQUIRE(answer != nullptr);
        const json::value* const content = answer->as_object().if_contains("content");
        if (content == nullptr) {
            CHECK(reply.body.empty());
            return reply;
        }
        std::string type = reply.headers.at("content-type");
        type = type.substr(0, type.find(';'));
        const json::value* media = content->as_object().if_contains(type);
        if (media == nullptr) media = content->as_object().if_contains("*/*");
        CAPTURE(type);
        REQUIRE(media != nullptr);
        if (type.ends_with("json"))
            CHECK(JsonSchema(document(), true).fault(reply.json(), media->at("schema")) == "");
        return reply;
    }

    RunningDaemon daemon;
    ApiClient client = daemon.client();
};

/// A video that begins with that file.
std::string video_of_file(const std::string& file) {
    return R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02",)"
           R"("first_frame_image":{"$file":")" +
           file + R"("}}})";
}

}  // namespace

TEST_CASE("every route is in the API's description, and nothing else is") {
    Names routes;
    for (const daemon::Route& route : daemon::all_routes())
        routes.insert(std::string(route.method) + " " + std::string(route.pattern));
    Names described;
    Names ids;
    for (const auto& [path, item] : at("/paths").as_object()) {
        for (const auto& [name, operation] : item.as_object()) {
            std::string method(name);
            std::ranges::transform(method, method.begin(), [](char c) { return c - 32; });
            described.insert(method + " " + as_pattern(std::string(path)));
            CHECK(ids.insert(std::string(operation.at("operationId").as_string())).second);
        }
    }
    CHECK(described == routes);
    CHECK(at("/info/version") == json::value(proto::build().version));
}

TEST_CASE("the description's words are the program's") {
    Names codes;
    for (const daemon::ProblemKind& kind : daemon::problem_kinds())
        codes.emplace(kind.code);
    CHECK(words_at("ProblemCode") == codes);
    CHECK(words_at("State") == names_of<proto::State>(1));
    CHECK(words_at("Kind") == names_of<proto::Kind>(1));
    Names events = names_of<proto::Event>(0);
    events.insert("batch_sealed");
    CHECK(words_at("EventName") == events);
    CHECK(words_at("FailureClass") == names_of<proto::FailureClass>(0));
    CHECK(words_of(at("/components/schemas/Quarantine/properties/scope/enum")) ==
          names_of<proto::Scope>(0));
    CHECK(words_of(at("/components/schemas/Task/properties/state/enum")) ==
          names_of<proto::Task::Status>(0));
    CHECK(words_of(at("/components/schemas/Artifact/properties/state/enum")) ==
          names_of<proto::Artifact::Status>(0));
    for (const std::string& unit : words_at("Unit"))
        CHECK(proto::parse_unit(unit));
    CHECK(words_at("Unit").size() == 2);
    Names providers;
    for (const proto::Provider* provider : proto::catalog().providers())
        providers.emplace(provider->name());
    CHECK(words_at("Provider") == providers);
}

TEST_CASE("every problem's status is one that the description knows") {
    std::set<std::string> statuses;
    for (const auto& [path, item] : at("/paths").as_object())
        for (const auto& [name, operation] : item.as_object())
            for (const auto& [status, answer] : operation.at("responses").as_object())
                statuses.insert(std::string(status));
    for (const daemon::ProblemKind& kind : daemon::problem_kinds()) {
        CAPTURE(kind.code);
        // These end a connection before anybody knows what was asked for.
        const bool of_connection = kind.status == 431 || kind.status == 505;
        CHECK(statuses.contains(std::to_string(kind.status)) != of_connection);
    }
}

TEST_CASE("the daemon serves its description, and knows whether a client's copy is good") {
    Tour tour;
    const ApiReply served = tour.call("GET", "/openapi.json", "/openapi.json");
    CHECK(served.status == 200);
    CHECK(served.json() == document());
    const Headers same = {{"If-None-Match", served.headers.at("etag")}};
    CHECK(tour.call("GET", "/openapi.json", "/openapi.json", "", same).status == 304);
    CHECK(tour.call("GET", "/openapi.json", "/openapi.json?a=1").status == 422);
}

TEST_CASE("what a tour of the API brings is as the description says") {
    Tour tour;
    const std::string job =
        tour.call("POST", "/v1/jobs", "/v1/jobs", video_text("one"), {{"Idempotency-Key", "k"}})
            .at("id");
    CHECK(tour.call("POST", "/v1/jobs", "/v1/jobs", video_text("one"), {{"Idempotency-Key", "k"}})
              .status == 200);
    tour.call("POST", "/v1/jobs", "/v1/jobs", video_text("two"), {{"Idempotency-Key", "k"}});
    tour.call("POST", "/v1/jobs", "/v1/jobs?dry_run=true", video_text());
    tour.call("POST", "/v1/jobs", "/v1/jobs", "[" + video_text("a") + "]");
    tour.call("POST", "/v1/jobs", "/v1/jobs?dry_run=true", "[" + video_text("a") + ",{}]");
    tour.call("POST", "/v1/jobs", "/v1/jobs?atomic=true", "[" + video_text("a") + ",{}]");
    for (const char* const bad : {"{", "[", R"({"kind":"video"})", R"({"colour":1})"})
        tour.call("POST", "/v1/jobs", "/v1/jobs", bad);
    const ApiReply taken =
        tour.call("POST", "/v1/jobs", "/v1/jobs", "[" + video_text("b") + R"(,{"kind":"x"}])");
    const std::string batch = taken.at("batch");
    tour.call("GET", "/v1/jobs", "/v1/jobs?limit=1");
    tour.call("GET", "/v1/jobs", "/v1/jobs?state=lost");
    for (const char* const what : {"", "/explain", "/events"}) {
        const std::string pattern = std::string("/v1/jobs/{}") + what;
        CHECK(tour.call("GET", pattern, "/v1/jobs/" + job + what).status == 200);
        CHECK(tour.call("GET", pattern, std::string("/v1/jobs/nothing") + what).status == 404);
    }
    tour.call("GET", "/v1/jobs/{}/artifacts/{}", "/v1/jobs/" + job + "/artifacts/0");
    tour.call("PATCH", "/v1/jobs/{}", "/v1/jobs/" + job, R"({"priority":9})");
    for (const char* const verb : {"retry", "resolve", "cancel", "cancel", "retry"})
        tour.call("POST", std::string("/v1/jobs/{}/") + verb, "/v1/jobs/" + job + "/" + verb);
    tour.call("POST", "/v1/jobs:cancel", "/v1/jobs:cancel?label=film=reel");
    const std::string text =
        tour.call("PUT", "/v1/blobs", "/v1/blobs", "some text", {{"Content-Type", "text/plain"}})
            .at("file");
    for (const auto& [file, code] : {std::pair{"sha256:" + std::string(64, '0'), "input.missing"},
                                     std::pair{text, "input.type"}})
        CHECK(tour.call("POST", "/v1/jobs", "/v1/jobs", video_of_file(file)).at("code") == code);
    tour.call("GET", "/v1/events", "/v1/events?after=100000");
    tour.call("GET", "/v1/batches", "/v1/batches");
    tour.call("GET", "/v1/batches/{}", "/v1/batches/" + batch);
    tour.call("PATCH", "/v1/batches/{}", "/v1/batches/" + batch, R"({"budget":"7.50"})");
    tour.call("POST", "/v1/batches/{}/cancel", "/v1/batches/" + batch + "/cancel");
    const ApiReply errors =
        tour.call("GET", "/v1/batches/{}/errors", "/v1/batches/" + batch + "/errors");
    std::istringstream lines(errors.body);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
        CHECK(JsonSchema(document(), true)
                  .fault_at(json::parse(line), "#/components/schemas/ResultLine") == "");
    CHECK(count == 2);
    for (const std::string path :
         {"/v1/accounts", "/v1/hooks", "/v1/queue", "/v1/stats", "/v1/times", "/v1/ledger",
          "/v1/ledger/totals", "/v1/session", "/healthz", "/readyz", "/metrics", "/"})
        CHECK(tour.call("GET", path, path).status == 200);
    tour.call("POST", "/v1/queue/pause", "/v1/queue/pause", R"({"reason":"lunch"})");
    tour.call("POST", "/v1/queue/resume", "/v1/queue/resume");
    tour.call("POST", "/v1/backup", "/v1/backup", R"({"directory":"relative"})");
    tour.call("POST", "/v1/hooks/{}/retry", "/v1/hooks/nobody/retry");
    tour.call("GET", "/v1/remote/{}{*}", "/v1/remote/nobody/files");
    for (const char* const message : {R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})",
                                      R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                                      R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])",
                                      R"({"jsonrpc":"2.0","id":1,"method":"no/such"})", "{"})
        tour.call("POST", "/mcp", "/mcp", message);
    CHECK(tour.call("DELETE", "/v1/session", "/v1/session").status == 204);
}
