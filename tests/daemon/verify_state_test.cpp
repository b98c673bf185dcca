// A state directory in which something of everything has happened, and every way to damage it.
#include "daemon/verify_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <map>
#include <sstream>

#include "daemon/idle_state.hpp"
#include "daemon/offline.hpp"
#include "queue/high_water.hpp"
#include "queue/keys.hpp"
#include "tests/daemon/damaged_state.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/simulator/local_upstream.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;
using proto::Artifact;
using proto::JobRecord;

namespace fs = std::filesystem;

namespace {

simulator::ModelOptions quick() {
    simulator::ModelOptions options;
    options.latency = std::chrono::milliseconds{20};
    return options;
}

std::string speech_text() {
    return R"({"kind":"tts","request":{"model":"speech-2.8-hd","text":"Good evening.",)"
           R"("voice_setting":{"voice_id":"English_Graceful_Lady"}}})";
}

/// A batch of two videos and a refused line, and a speech outside of any batch: all at home.
class Past {
public:
    Past() : upstream_(quick()), daemon_([this](daemon::Config& config) { buy(config); }) {
        auto client = daemon_.client();
        speech_ = client.post("/v1/jobs", speech_text()).at("id");
        client.call("PUT", "/v1/blobs", "RIFF1234WAVE of a kite", {});
        const std::string lines =
            video_text("a") + "\n" + R"({"kind":"video"})" + "\n" + video_text("b") + "\n";
        batch_ =
            client.post("/v1/jobs", lines, {{"Content-Type", "application/x-ndjson"}}).at("batch");
        client.get("/v1/jobs/" + speech_, {{"Prefer", "wait=120"}});
        await("the batch's end",
              [this] { return fs::exists(path("results/" + batch_ + ".done")); });
        ledger_ = client.get("/v1/ledger").body;
        totals_ = client.get("/v1/ledger/totals").body;
        daemon_.halt();
    }

    std::string path(const std::string& name = "") const {
        return daemon_.config().daemon.state_dir + (name.empty() ? "" : "/" + name);
    }
    const std::string& speech() const { return speech_; }
    const std::string& batch() const { return batch_; }
    const std::string& ledger() const { return ledger_; }
    const std::string& totals() const { return totals_; }

private:
    void buy(daemon::Config& config) const {
        daemon::AccountConfig account;
        account.name = "main";
        account.provider = "minimax";
        account.base_url = upstream_.url();
        account.api_key = daemon::Secret("sk-test-key");
        account.slots = {{"video", 2}, {"tts", 2}};
        account.poll_min = std::chrono::milliseconds{20};
        account.poll_max = std::chrono::milliseconds{50};
        config.accounts.push_back(account);
        config.fetch.private_hosts = true;
    }

    simulator::LocalUpstream upstream_;
    RunningDaemon daemon_;
    std::string speech_;
    std::string batch_;
    std::string ledger_;
    std::string totals_;
};

/// Everything in a directory: the length of each file and when it was last changed.
std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> state_of(
    const std::string& directory) {
    std::map<std::string, std::pair<std::uintmax_t, fs::file_time_type>> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        const std::uintmax_t size = entry.is_regular_file() ? entry.file_size() : 0;
        files[entry.path().string()] = {size, entry.last_write_time()};
    }
    return files;
}

struct Damage {
    const char* what;
    std::function<void(const Past& past, const DamagedState& state)> plant;
    std::vector<std::string> said;
};

bool is_video(const JobRecord& record) {
    return record.batch.value != 0;
}
bool is_speech(const JobRecord& record) {
    return !is_video(record);
}

std::string results(const Past& past) {
    return "results/" + past.batch() + ".jsonl";
}

/// The line with blanks in it, so that the file keeps its length.
std::string padded(std::string line, std::size_t length) {
    constexpr std::size_t after_id = 35;  // {"id":"…26 characters…",
    line.insert(after_id, length - line.size(), ' ');
    return line;
}

/// The last event number of a line, one less.
std::string of_an_earlier_end(std::string line) {
    const std::size_t at = line.size() - 2;
    line[at] = line[at] == '0' ? '1' : static_cast<char>(line[at] - 1);
    return line;
}

std::vector<Damage> damages_to_files() {
    return {
        {"a byte of an artifact is flipped",
         [](const Past& past, const DamagedState& state) {
             const std::string film = state.only("artifacts", past.speech());
             std::string bytes = state.read(film);
             bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
             state.write(film, bytes);
         },
         {", does not have its SHA-256"}},
        {"an artifact is missing",
         [](const Past& past, const DamagedState& state) {
             state.remove(state.only("artifacts", past.speech()));
         },
         {", is missing"}},
        {"an artifact is too long",
         [](const Past& past, const DamagedState& state) {
             const std::string film = state.only("artifacts", past.speech());
             state.write(film, state.read(film) + "x");
         },
         {", has ", " bytes instead of "}},
        {"an artifact belongs to two jobs",
         [](const Past& past, const DamagedState& state) {
             const std::string own = state.only("artifacts", past.speech()).substr(10);
             state.change_job(is_video, [&](JobRecord& job) { job.artifacts.at(0).name = own; });
         },
         {"is said to be of job"}},
        {"an artifact was named and is nowhere, nor is the reply it came in",
         [](const Past& past, const DamagedState& state) {
             state.change_job(is_speech, [](JobRecord& job) {
                 job.state = proto::State::fetching;
                 job.artifacts.at(0).status = Artifact::Status::named;
             });
             state.remove(state.only("artifacts", past.speech()));
         },
         {"the paid reply that job ", ".1, is missing"}},
        {"a paid reply is gone before it was read",
         [](const Past&, const DamagedState& state) {
             state.change_job(is_speech, [](JobRecord& job) {
                 job.state = proto::State::fetching;
                 job.artifacts.at(0).status = Artifact::Status::open;
             });
         },
         {"the paid reply that job ", ".1, is missing"}},
        {"a paid reply is damaged",
         [](const Past& past, const DamagedState& state) {
             state.change_job(is_speech, [](JobRecord& job) {
                 job.artifacts.at(0).status = Artifact::Status::open;
             });
             state.write("spool/" + past.speech() + ".1", "{}\nnonsense");
         },
         {"is incomplete or damaged"}},
        {"a file that was handed in is changed",
         [](const Past&, const DamagedState& state) {
             const std::string file = state.only(state.only("blobs", ""), "");
             std::string bytes = state.read(file);
             bytes.back() = 'E';
             state.write(file, bytes);
         },
         {"the file that was handed in as blobs/", "does not have its SHA-256"}},
        {"a file that was handed in is missing",
         [](const Past&, const DamagedState& state) {
             state.remove(state.only(state.only("blobs", ""), ""));
         },
         {"the file that was handed in as blobs/", "is missing"}},
        {"the database is cut short",
         [](const Past&, const DamagedState& state) { state.write("db/CURRENT", "MANIFEST-9\n"); },
         {"the database cannot be read"}},
    };
}

std::vector<Damage> damages_to_results() {
    return {
        {"a result file is truncated",
         [](const Past& past, const DamagedState& state) {
             fs::resize_file(state.path(results(past)), 100);
         },
         {".jsonl has 100 bytes, but "}},
        {"a result file is missing",
         [](const Past& past, const DamagedState& state) { state.remove(results(past)); },
         {".jsonl is missing", "has ended, but has no line in"}},
        {"a result line is doubled in place of another",
         [](const Past& past, const DamagedState& state) {
             auto lines = state.lines(results(past));
             REQUIRE(lines.size() == 2);
             if (lines[0].size() > lines[1].size()) std::swap(lines[0], lines[1]);
             lines[1] = padded(lines[0], lines[1].size());
             state.write_lines(results(past), lines);
         },
         {"is a second line of job", "has ended, but has no line in"}},
        {"a result line is of a job from elsewhere",
         [](const Past& past, const DamagedState& state) {
             auto lines = state.lines(results(past));
             lines.at(0).replace(7, 26, past.speech());
             state.write_lines(results(past), lines);
         },
         {"is of job 01", ", which is not of batch "}},
        {"a result line is of an earlier end",
         [](const Past& past, const DamagedState& state) {
             auto lines = state.lines(results(past));
             lines.at(0) = of_an_earlier_end(lines[0]);
             state.write_lines(results(past), lines);
         },
         {"has ended with event"}},
        {"a result line is no JSON",
         [](const Past& past, const DamagedState& state) {
             std::string text = state.read(results(past));
             text[text.find("\"custom_id\"")] = '!';
             state.write(results(past), text);
         },
         {"line 1 of results/", "is no JSON"}},
        {"the refused lines are gone",
         [](const Past& past, const DamagedState& state) {
             state.remove("results/" + past.batch() + ".errors.jsonl");
         },
         {".errors.jsonl is missing", "has 0 of the 1 refused lines"}},
    };
}

std::vector<Damage> damages_to_ends() {
    return {
        {"the note of the end is gone",
         [](const Past& past, const DamagedState& state) {
             state.remove("results/" + past.batch() + ".done");
         },
         {".done is missing"}},
        {"the end is noted of a batch that has not ended",
         [](const Past& past, const DamagedState& state) {
             const auto batch = proto::JobId::parse(past.batch()).value().batch_seq();
             state.in_database([&](queue::Store& store) {
                 auto view =
                     queue::decode<queue::BatchView>(store.get(queue::keys::batch(batch)).value())
                         .value();
                 ++view.by_state[static_cast<std::size_t>(proto::State::queued)];
                 store.commit({{queue::keys::batch(batch), queue::encode(view)}});
             });
         },
         {"have ended, but some have not"}},
        {"the results were never begun",
         [](const Past& past, const DamagedState& state) {
             const auto batch = proto::JobId::parse(past.batch()).value().batch_seq();
             state.in_database([&](queue::Store& store) {
                 store.commit({{queue::keys::note(batch, "results"), std::nullopt}});
             });
         },
         {"was sealed, but its results were never begun"}},
    };
}

std::vector<Damage> damages_to_the_mark() {
    return {
        {"the mark is ahead of the database",
         [](const Past&, const DamagedState& state) {
             const auto last = daemon::verify_state(state.path(), false).database.last_event;
             queue::HighWater(state.path("db.high_water")).reached({last.value + 1});
         },
         {"the database has lost its tail: by db.high_water the log has reached event "}},
        {"the database was put back by hand",
         [](const Past&, const DamagedState& state) {
             fs::remove_all(state.path("db"));
             state.in_database([](queue::Store& store) {
                 std::string version;
                 queue::keys::put_u64(version, 1);
                 store.commit({{queue::keys::meta("format"), version}});
             });
         },
         {"the database has lost its tail", "and it ends with event 0"}},
        {"the mark is damaged",
         [](const Past&, const DamagedState& state) {
             state.write("db.high_water", std::string(8'192, 'x'));
         },
         {"how far the log has been cannot be read: ", "db.high_water is damaged"}},
        {"the mark is no file",
         [](const Past&, const DamagedState& state) {
             state.remove("db.high_water");
             fs::create_directory(state.path("db.high_water"));
         },
         {"how far the log has been cannot be read: ", "Is a directory"}},
    };
}

void check_that_each_is_named(const Past& past, const std::vector<Damage>& table) {
    for (const Damage& damage : table) {
        CAPTURE(damage.what);
        const DamagedState state(past.path());
        damage.plant(past, state);
        for (const std::string& part : damage.said)
            CHECK(state.names(part));
    }
}

struct Told {
    daemon::ExitCode exit = daemon::ExitCode::ok;
    std::string out;
    std::string err;
};

Told tell(const daemon::OfflineOptions& options) {
    std::ostringstream out;
    std::ostringstream err;
    Told told;
    told.exit = daemon::run_offline(options, out, err);
    told.out = out.str();
    told.err = err.str();
    return told;
}

daemon::OfflineOptions ledger_of(const std::string& directory, const std::string& target) {
    daemon::OfflineOptions options;
    options.ledger = directory;
    options.target = target;
    return options;
}

}  // namespace

TEST_CASE("a state directory is verified, counted, and not touched") {
    const Past past;
    const auto before = state_of(past.path());

    const daemon::StateVerdict verdict = daemon::verify_state(past.path(), true);

    CHECK(verdict.broken().empty());
    CHECK(state_of(past.path()) == before);
    CHECK(verdict.database.jobs == 3);
    CHECK(verdict.files.artifacts == 3);
    CHECK(verdict.files.leftovers.empty());
    CHECK(verdict.results.batches == 1);
    CHECK(verdict.results.lines == 3);
    const auto json = boost::json::parse(daemon::verdict_text(past.path(), verdict));
    CHECK(json.at("sound").as_bool());
    CHECK(json.at("states").at("succeeded").as_int64() == 3);
    CHECK(json.at("purchases").at("spent").as_int64() == 3);
}

TEST_CASE("each damage to a state directory is named") {
    const Past past;
    check_that_each_is_named(past, damages_to_files());
    check_that_each_is_named(past, damages_to_results());
    check_that_each_is_named(past, damages_to_ends());
    check_that_each_is_named(past, damages_to_the_mark());

    const DamagedState state(past.path());
    const std::string speech = state.only("artifacts", past.speech());
    state.write(speech, std::string(state.read(speech).size(), 'x'));
    CHECK(daemon::verify_state(state.path(), false).broken().empty());  // quick: not read
}

TEST_CASE("a state directory whose artifacts, or database, are gone is not sound") {
    const Past past;
    const DamagedState state(past.path());
    fs::remove_all(state.path("artifacts"));
    CHECK(state.names("artifacts/, which holds all that was brought home, is gone"));
    fs::remove_all(state.path("db"));
    CHECK(state.names("it is gone, though by db.high_water its log has reached event "));
}

TEST_CASE("a backup without artifacts is verified as far as it goes") {
    const Past past;
    const DamagedState state(past.path());
    fs::remove_all(state.path("artifacts"));
    state.remove("db.high_water");

    const daemon::StateVerdict verdict = daemon::verify_state(state.path(), true);

    CHECK(verdict.broken().empty());
    CHECK_FALSE(verdict.files.artifacts_here);
    CHECK(verdict.files.artifacts == 3);
}

TEST_CASE("result files that were taken away when all was done are nobody's loss") {
    const Past past;
    const DamagedState state(past.path());
    for (const auto& file : fs::directory_iterator(state.path("results")))
        fs::remove(file);

    const daemon::StateVerdict verdict = daemon::verify_state(state.path(), true);

    CHECK(verdict.broken().empty());
    CHECK(verdict.results.batches == 0);
}

TEST_CASE("a copy without a mark, and one whose mark is behind, are sound") {
    const Past past;
    const DamagedState state(past.path());
    state.remove("db.high_water");
    CHECK(daemon::verify_state(state.path(), false).broken().empty());
    queue::HighWater(state.path("db.high_water")).reached({1});
    CHECK(daemon::verify_state(state.path(), false).broken().empty());
}

TEST_CASE("files that nobody will ask for are leftovers, not broken promises") {
    const Past past;
    const DamagedState state(past.path());
    const std::string part = "artifacts/." + past.speech() + "-0.part";
    state.write(part, "half a song");
    CHECK(state.leaves_over(part + " is a part of what job " + past.speech() +
                            " does not want any more"));

    state.write("spool/" + past.speech() + ".1", "an answer");
    CHECK(state.leaves_over("spool/" + past.speech() + ".1 is a reply that nobody will ask for"));
}

TEST_CASE("the ledger of a directory is the one that the daemon showed") {
    const Past past;

    CHECK(tell(ledger_of(past.path(), "/v1/ledger")).out == past.ledger() + "\n");
    CHECK(tell(ledger_of(past.path(), "/v1/ledger/totals")).out == past.totals() + "\n");

    const Told of_batch =
        tell(ledger_of(past.path(), "/v1/ledger?batch=" + past.batch().substr(0, 20) + "&limit=1"));
    CHECK(of_batch.exit == daemon::ExitCode::ok);
    CHECK(std::ranges::count(of_batch.out, '\n') == 2);  // a page a line
    CHECK(of_batch.out.find(past.speech()) == std::string::npos);
    CHECK(tell(ledger_of(past.path(), "/v1/ledger?batch=01ARZ")).exit ==
          daemon::ExitCode::not_found);
    CHECK(tell(ledger_of(past.path(), "/v1/ledger?from=today")).exit == daemon::ExitCode::usage);
    CHECK(tell(ledger_of(past.path(), "/v1/jobs")).exit == daemon::ExitCode::usage);
}

TEST_CASE("who cannot look into a state directory is told why") {
    daemon::OfflineOptions options;
    SUBCASE("there is none") {
        const TemporaryDirectory empty;
        options.verify = empty.path();
        const Told told = tell(options);
        CHECK(told.exit == daemon::ExitCode::not_found);
        CHECK(told.err ==
              "genspool: " + empty.path() + " is no state directory: it has no database, db/\n");
    }
    SUBCASE("a daemon works there") {
        const RunningDaemon daemon;
        options.verify = daemon.config().daemon.state_dir;
        const Told told = tell(options);
        CHECK(told.exit == daemon::ExitCode::not_allowed);
        CHECK(told.out.empty());
        CHECK(told.err ==
              "genspool: the daemon is running in " + options.verify + "; stop it first\n");
    }
    SUBCASE("it has another format") {
        RunningDaemon daemon;
        daemon.halt();
        const DamagedState state(daemon.config().daemon.state_dir);
        state.in_database([](queue::Store& store) {
            std::string version;
            queue::keys::put_u64(version, 99);
            store.commit({{queue::keys::meta("format"), version}});
        });
        options.verify = state.path();
        const Told told = tell(options);
        CHECK(told.exit == daemon::ExitCode::not_allowed);
        CHECK(told.err.find("the database has format 99, this program reads format ") !=
              std::string::npos);
    }
}
