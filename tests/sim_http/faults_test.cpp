#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"

using namespace genspool::tests;
using genspool::simulator::FateKind;
using genspool::simulator::FaultPlan;
using std::chrono::milliseconds;

namespace {

std::string finished_file(ModelClient& client) {
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    return text_of(client.query(task), "file_id");
}

}  // namespace

TEST_CASE("a fault plan knows its names and its range") {
    FaultPlan plan;
    CHECK_FALSE(plan.set("reset-taken", 0.5));
    CHECK_FALSE(plan.set("refuse-2056", 0.5));
    CHECK(plan.refusals().size() == 1);
    CHECK_FALSE(plan.set("refuse-2056", 0.0));
    CHECK(plan.refusals().empty());
    CHECK(plan.set("reset-taken", 1.5));
    CHECK(plan.set("no-such-fault", 0.5));
    CHECK(plan.set("refuse-", 0.5));
    CHECK(plan.set("refuse-12x", 0.5));
}

TEST_CASE("every fault of the table can be set and bears its own name") {
    for (const auto& info : genspool::simulator::fault_table()) {
        FaultPlan plan;
        CHECK_FALSE(plan.set(info.name, 1.0));
        CHECK(plan.rate(info.fault) == 1.0);
        CHECK(genspool::simulator::to_string(info.fault) == info.name);
    }
}

TEST_CASE("plain refusals take nothing, the ambiguous ones take half") {
    ModelClient plain(faulty_options("refuse-1002"));
    CHECK(code_of(plain.create("a kite")) == 1002);
    CHECK(plain.records.truths().empty());
    CHECK_FALSE(plain.records.faults().at(0).ambiguous);

    ModelClient client(faulty_options("refuse-1000"));
    for (int i = 0; i < 100; ++i) {
        const auto reply = body_of(client.create("a kite"));
        CHECK(code_of(reply) == 1000);
        CHECK(text_of(reply, "task_id").empty());
    }
    const auto taken = client.records.truths().size();
    CHECK(taken > 25);
    CHECK(taken < 75);
    for (const auto& fault : client.records.faults())
        CHECK(fault.ambiguous);
}

TEST_CASE("a connection can be lost before and after the work was taken") {
    for (const auto& [fault, purchases] :
         {std::pair("reset-taken", 1U), std::pair("reset-untaken", 0U), std::pair("502-taken", 1U),
          std::pair("502-untaken", 0U)}) {
        CAPTURE(fault);
        ModelClient client(faulty_options(fault));
        const auto reply = client.create("a kite");
        CHECK((reply.fate.kind == FateKind::reset || reply.status == 502));
        CHECK(client.records.truths().size() == purchases);
        CHECK(client.records.faults().at(0).fault == fault);
        CHECK(client.records.faults().at(0).ambiguous);
    }
}

TEST_CASE("a task that will fail is known from the truth log") {
    ModelClient client(faulty_options("fail-task"));
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    const auto answer = client.query(task);
    CHECK(text_of(answer, "status") == "Fail");
    CHECK(code_of(answer) == 1027);
    CHECK(client.records.truths().at(0).outcome == "failed:1027");
    CHECK(client.records.truths().at(0).artifacts.empty());
}

TEST_CASE("queries answer badly without harm to the task") {
    ModelClient client(instant_options());
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    const auto file_id = text_of(client.query(task), "file_id");
    client.post("/sim/faults", R"({"query-1002":1})");
    CHECK(code_of(client.query(task)) == 1002);
    CHECK(code_of(client.get("/v1/files/retrieve?file_id=" + file_id)) == 1002);
    client.post("/sim/faults", R"({"query-1002":0,"query-502":1})");
    CHECK(client.get("/v1/query/video_generation?task_id=" + task).status == 502);
    client.post("/sim/faults", R"({"query-502":0,"unknown-state":1})");
    CHECK(text_of(client.query(task), "status") == "Reviewing");
    client.post("/sim/faults", R"({"unknown-state":0,"state-case":1})");
    const auto word = text_of(client.query(task), "status");
    CHECK((word == "success" || word == "SUCCESS"));
    client.post("/sim/faults", R"({"state-case":0,"number-ids":1})");
    CHECK(std::to_string(client.query(task).at("file_id").as_int64()) == file_id);
    CHECK(body_of(client.create("a kite")).at("task_id").is_int64());
}

TEST_CASE("the first Success can lack its file_id") {
    ModelClient client(faulty_options("success-without-file-id"));
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    CHECK(text_of(client.query(task), "file_id").empty());
    CHECK_FALSE(text_of(client.query(task), "file_id").empty());
}

TEST_CASE("a link can be dead when it is handed out, and dies of age") {
    ModelClient client(faulty_options("link-expired"));
    const auto file_id = finished_file(client);
    CHECK(client.download(client.link_of(file_id)).status == 403);
    client.post("/sim/faults", R"({"link-expired":0})");
    const auto link = client.link_of(file_id);
    CHECK(client.download(link).status == 200);
    client.pass(milliseconds(3'600'000));
    CHECK(client.download(link).status == 403);
    CHECK(client.download(client.link_of(file_id)).status == 200);
}

TEST_CASE("a link of one file opens no other and cannot be prolonged") {
    ModelClient client(instant_options());
    const auto first = client.link_of(finished_file(client));
    finished_file(client);
    auto other = first;
    other.replace(other.find("40993.mp4"), 5, "40995");
    CHECK(client.download(other).status == 403);
    auto longer = first;
    longer.insert(longer.find("expires=") + 8, "9");
    CHECK(client.download(longer).status == 403);
}

TEST_CASE("downloads can be slow, cut or of the wrong length") {
    ModelClient client(instant_options());
    const auto link = client.link_of(finished_file(client));
    client.post("/sim/faults", R"({"slow-download":1})");
    CHECK(client.download(link).fate.kind == FateKind::trickle);
    client.post("/sim/faults", R"({"slow-download":0,"cut-download":1})");
    const auto cut = client.download(link);
    CHECK(cut.fate.kind == FateKind::cut);
    CHECK(cut.fate.at_byte < cut.body.size());
    client.post("/sim/faults", R"({"cut-download":0,"wrong-length":1})");
    const auto wrong = client.download(link);
    CHECK(wrong.declared_bytes == wrong.body.size() + 1'000);
    CHECK(wrong.fate.at_byte == wrong.body.size());
}

TEST_CASE("rates that are not understood change nothing") {
    ModelClient client(instant_options());
    CHECK(client.post("/sim/faults", R"({"reset-taken":1,"nonsense":1})").status == 400);
    CHECK(client.post("/sim/faults", R"({"reset-taken":"often"})").status == 400);
    CHECK(client.post("/sim/faults", "[").status == 400);
    CHECK(code_of(client.create("a kite")) == 0);
}

TEST_CASE("the same seed, requests and times give the same replies") {
    const auto history = [](std::uint64_t seed) {
        auto options = faulty_options("reset-taken", 0.3);
        options.seed = seed;
        options.latency = milliseconds(1'000);
        REQUIRE_FALSE(options.faults.set("refuse-1002", 0.3));
        ModelClient client(options);
        std::string all;
        for (int i = 0; i < 50; ++i)
            all += client.create("a kite").body;
        return all;
    };
    CHECK(history(7) == history(7));
    CHECK(history(7) != history(8));
}
