// Whole weeks of faults and crashes against the promises: a failure prints its seed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "tests/support/sanitized.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

struct Faults {
    std::string name;
    double rate;
};

/// Everything that can go wrong upstream, now and then.
const std::vector<Faults>& faults() {
    static const std::vector<Faults> table{
        {"reset-taken", 0.02},  {"reset-untaken", 0.02},  {"502-taken", 0.01},
        {"502-untaken", 0.01},  {"cut-paid-reply", 0.02}, {"fail-task", 0.05},
        {"query-1002", 0.05},   {"query-502", 0.05},      {"unknown-state", 0.05},
        {"state-case", 0.1},    {"number-ids", 0.1},      {"success-without-file-id", 0.05},
        {"link-expired", 0.05}, {"slow-download", 0.1},   {"cut-download", 0.2},
        {"wrong-length", 0.05}, {"no-etag", 0.1},         {"refuse-1002", 0.03},
        {"refuse-1041", 0.02},  {"refuse-1000", 0.02},
    };
    return table;
}

EngineWorldOptions options_of(std::uint64_t seed) {
    EngineWorldOptions options;
    options.seed = seed;
    options.upstream.seed = seed;
    options.upstream.latency = 40s;
    options.upstream.link_life = 10min;
    for (const Faults& fault : faults()) {
        const auto problem = options.upstream.faults.set(fault.name, fault.rate);
        REQUIRE_MESSAGE(!problem, problem.value_or(""));
    }
    return options;
}

/// One run: jobs of every kind, faults on every way, a crash every now and then; then the faults
/// end, everything settles, and the books are compared.
class Run {
public:
    explicit Run(std::uint64_t seed) : world_(options_of(seed)), random_(seed) {}

    void play() {
        world_.upstream().set_way({.not_sent = 20, .lost_there = 5, .lost_back = 5});
        for (int round = 0; round < 40; ++round) {
            if (round < 25) admit_some();
            world_.run_for(proto::Duration(random_.below(90'000)));
            if (random_.below(100) < 10) act();
            if (random_.below(100) < 35) {
                world_.run_handlers(random_.below(2'000));
                world_.crash(random_.below(2) == 0, random_.next());
            }
            if (random_.below(100) < 5) world_.restart(20s);
        }
        for (const Faults& fault : faults())
            world_.upstream().command("/sim/faults", "{\"" + fault.name + "\":0}");
        world_.upstream().set_way({});
        const bool settled = world_.run_until([this] { return all_at_rest(); }, 72h);
        CHECK(settled);
        world_.restart(1min);
        world_.run_for(1s);
    }

    void check() const {
        std::uint64_t held = 0;
        for (const auto& [job, ref] : refs_) {
            const proto::JobRecord record = world_.job(job);
            CAPTURE(ref);
            CAPTURE(proto::to_string(record.state));
            CAPTURE(record.reason);
            const std::uint64_t failed = world_.failed_upstream(ref);
            CHECK(world_.bought(ref) <= 1 + failed);
            CHECK(record.charged >= world_.bought(ref));
            CHECK(world_.artifact_fault(record, ref) == "");
            if (record.state == State::held) {
                ++held;
            } else if (record.state == State::failed) {
                CHECK(failed > 0);
            } else if (record.state != State::canceled) {
                CHECK(record.state == State::succeeded);
                CHECK_FALSE(record.partial);
                CHECK(home(record) == world_.hashes(ref).size());
            }
        }
        CHECK(held <= ambiguous());
        CHECK(world_.upstream().records().violations().empty());
        CHECK(no_leftovers());
    }

    const EngineWorld& world() const { return world_; }

private:
    void admit_some() {
        constexpr Kind kinds[] = {Kind::video, Kind::video, Kind::music, Kind::image, Kind::tts};
        for (std::uint64_t i = random_.below(4); i > 0; --i) {
            const Kind kind = kinds[random_.below(5)];
            const std::string ref = "job-" + std::to_string(refs_.size());
            const auto job = world_.admit(kind, EngineWorld::request(kind, ref));
            refs_.emplace_back(job, ref);
        }
    }

    void act() {
        if (refs_.empty()) return;
        const auto job = refs_[random_.below(refs_.size())].first;
        const bool cancel = random_.below(2) == 0;
        world_.act(job, cancel ? queue::Verb::cancel : queue::Verb::retry);
    }

    bool all_at_rest() const {
        for (const proto::JobRecord& record : world_.jobs()) {
            if (!proto::is_terminal(record.state) && record.state != State::held) return false;
        }
        return true;
    }

    static std::size_t home(const proto::JobRecord& record) {
        std::size_t count = 0;
        for (const proto::Artifact& artifact : record.artifacts)
            count += artifact.status == proto::Artifact::Status::home ? 1U : 0U;
        return count;
    }

    /// As often as this nobody could know whether a request was taken.
    std::uint64_t ambiguous() const {
        std::uint64_t count = world_.upstream().lost_paid() + world_.cut_paid();
        for (const auto& fault : world_.upstream().records().faults())
            count += fault.ambiguous ? 1U : 0U;
        return count;
    }

    /// No part file of a job that has succeeded, no spooled reply that nobody wants.
    bool no_leftovers() const {
        for (const std::string& name : world_.files().list_now("spool")) {
            const proto::JobSeq job = proto::JobId::parse(name.substr(0, 26)).value().seq();
            const auto send = static_cast<proto::Send>(std::stoul(name.substr(27)));
            if (!workers::spool_wanted(world_.job(job), send)) return false;
        }
        std::set<std::string> parts;
        for (const std::string& name : world_.files().list_now("artifacts")) {
            if (name.ends_with(".part")) parts.insert(name.substr(1, 26));
        }
        for (const proto::JobRecord& record : world_.jobs()) {
            if (record.state == State::succeeded && parts.contains(record.id.text())) return false;
        }
        return true;
    }

    EngineWorld world_;
    queue::Random random_;
    std::vector<std::pair<proto::JobSeq, std::string>> refs_;
};

void run_seed(std::uint64_t seed) {
    CAPTURE(seed);
    Run run(seed);
    run.play();
    run.check();
}

}  // namespace

TEST_CASE("nothing is lost or bought twice, whatever fails and whenever the process dies") {
    // GENSPOOL_SEED plays one seed, GENSPOOL_SEEDS so many from 1 on.
    if (const char* seed = std::getenv("GENSPOOL_SEED")) {
        run_seed(std::strtoull(seed, nullptr, 10));
        return;
    }
    const char* wanted = std::getenv("GENSPOOL_SEEDS");
    const std::uint64_t seeds = wanted             ? std::strtoull(wanted, nullptr, 10)
                                : tests::sanitized ? 5
                                                   : 20;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        run_seed(seed);
}

TEST_CASE("the same seed plays the same run") {
    const auto fingerprint = [] {
        Run run(7);
        run.play();
        std::string text;
        for (const workers::HttpCall& call : run.world().http().calls())
            text += call.method + " " + call.url + "\n";
        return text;
    };
    CHECK(fingerprint() == fingerprint());
}
