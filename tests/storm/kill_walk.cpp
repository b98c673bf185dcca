#include "tests/storm/kill_walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/programs/run_program.hpp"
#include "tests/storm/audit.hpp"
#include "tests/storm/database.hpp"
#include "tests/support/await.hpp"
#include "workers/spool.hpp"

namespace genspool::tests {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// More than any disk has: the daemon takes it for full.
constexpr const char* endless_reserve = "\"1000000G\"";
constexpr const char* some_reserve = "\"16M\"";
constexpr const char* file = "walk.jsonl";
const std::string png = "\x89PNG\r\n\x1A\n of a walk";
constexpr const char* nonsense = "nonsense.jsonl";
constexpr const char* failing = "walk-failing";
constexpr const char* in_the_way = "walk-in-the-way";
/// Jobs that come through the gateway have no name of their own; its prompt begins with this one.
constexpr const char* nameless = "";

std::string job(const std::string& name, const std::string& kind, const std::string& request,
                const std::string& more = {}) {
    return R"({"custom_id":")" + name + R"(","kind":")" + kind + R"(","request":{)" + request +
           "}" + more + "}";
}

std::string video(const std::string& name, const std::string& more = {},
                  const std::string& marker = {}) {
    return job(name, "video",
               R"("model":"MiniMax-Hailuo-02","prompt":")" + name + " " + marker + "\"", more);
}

/// Its first frame is that file.
std::string film(const std::string& name, const std::string& frame) {
    return job(
        name, "video",
        R"("model":"MiniMax-Hailuo-02","prompt":")" + name + R"(","first_frame_image":)" + frame);
}

std::string voice(const std::string& name) {
    return job(
        name, "tts",
        R"("model":"speech-2.8-hd","voice_setting":{"voice_id":"x"},"text":")" + name + "\"");
}

std::string song(const std::string& name) {
    return job(name, "music", R"("model":"music-2.6","lyrics":"la la","prompt":")" + name + "\"");
}

std::string picture(const std::string& name) {
    return job(name, "image", R"("model":"image-01","n":2,"prompt":")" + name + "\"");
}

std::string refused(const std::string& name) {
    return job(name, "video", R"("model":"MiniMax-Hailuo-02")");
}

const std::vector<std::string>& names() {
    static const std::vector<std::string> all{
        "walk-frame",  "walk-video",   "walk-template", "walk-h3",     "walk-voice", "walk-song",
        "walk-lyrics", "walk-picture", "walk-chat",     "walk-design", "walk-clone", "batch-video",
        "file-video",  "file-voice",   "batch-picture", failing,       in_the_way,   nameless};
    return all;
}

}  // namespace

KillWalk::KillWalk() : simulator_(directory_, {"--latency", "0", "--seed", "1"}) {
    make_daemon(some_reserve);
}

void KillWalk::make_daemon(const std::string& disk_reserve, const std::string& disk_fault) {
    daemon_.reset();
    DaemonSettings settings;
    settings.upstream = simulator_.url();
    settings.disk_reserve = disk_reserve;
    settings.disk_fault = disk_fault;
    settings.tables =
        "[[hook]]\nname = \"walk\"\ncommand = [\"/bin/sh\", \"-c\", "
        "\"echo $GENSPOOL_JOB_ID $GENSPOOL_STATE >> " +
        directory_.path("told") + "\"]\n";
    daemon_ = std::make_unique<DaemonProgram>(directory_, settings);
}

bool KillWalk::killed(const std::string& kill_at) {
    if (work(kill_at)) daemon_->process().signal(SIGTERM);
    return end() == -SIGKILL;
}

bool KillWalk::killed_on_full_disk(const std::string& kill_at) {
    make_daemon(endless_reserve);
    served_ |= daemon_->start(kill_at);
    if (!daemon_->process().wait_for(30s)) daemon_->process().signal(SIGTERM);
    const bool killed = end() == -SIGKILL;
    make_daemon(some_reserve);
    return killed;
}

std::vector<std::string> KillWalk::lived_on_broken_disk(const std::string& fault) {
    make_daemon(some_reserve, fault);
    disk_breaks_ = true;
    if (work({})) daemon_->process().signal(SIGTERM);
    end();
    const std::vector<std::string> told = daemon_->disk_told();
    disk_breaks_ = false;
    make_daemon(some_reserve);
    return told;
}

bool KillWalk::move_inbox_to_another_disk() {
    const auto place = place_on_another_disk(directory_.path());
    if (!place) return false;
    elsewhere_.emplace(*place);
    fs::create_directories(daemon_->state(""));
    fs::create_directory_symlink(elsewhere_->path(), daemon_->state("inbox"));
    return true;
}

void KillWalk::take_dropped_file_away() {
    CHECK(fs::remove(daemon_->state("inbox/") + file));
    file_dropped_ = false;
}

void KillWalk::plant_line() const {
    for (const auto& entry : fs::directory_iterator(daemon_->state("results"))) {
        if (entry.path().extension() != ".done") continue;
        const std::string results = fs::path(entry.path()).replace_extension(".jsonl").string();
        std::ofstream(results, std::ios::app) << "{\"custom_id\":\"half a line";
    }
}

void KillWalk::plant_part_file() const {
    const std::string id =
        fs::directory_iterator(daemon_->state("artifacts/films"))->path().stem().string();
    std::ofstream(daemon_->state("artifacts/." + id + "-0.part")) << "half a film";
}

/// True: it has done all of it, and lives.
bool KillWalk::work(const std::string& kill_at) {
    if (!daemon_->start(kill_at)) return false;
    served_ = true;
    for (const auto step :
         {&KillWalk::let_run, &KillWalk::hand_in_jobs, &KillWalk::hand_in_files,
          &KillWalk::order_through_gateway, &KillWalk::hand_in_batches, &KillWalk::drop_file,
          &KillWalk::drop_nonsense, &KillWalk::spool_file_in_the_way, &KillWalk::retry_failed,
          &KillWalk::back_up}) {
        if (!work_on(step)) return false;
    }
    return true;
}

/// True: it has done that, and lives.
bool KillWalk::work_on(void (KillWalk::*step)()) {
    const auto done = [&] {
        try {
            (this->*step)();
            return true;
        } catch (const std::exception&) {
            // Whoever is killed gives no sensible answers.
            if (!disk_breaks_ && !daemon_->process().wait_for(5s)) throw;
            change_something();
            return false;
        }
    };
    until("a disk that lets it work", done);
    return !dead();
}

/// A database that has failed in a backup is found to have failed when it is written next.
void KillWalk::change_something() {
    daemon_->api().post("/v1/queue/pause", "{}");
    daemon_->api().post("/v1/queue/resume", "{}");
}

/// Its exit code. What it leaves is sound whatever ended it.
int KillWalk::end() {
    const int code = daemon_->process().wait();
    constexpr int failed_at_start = 1;
    constexpr int store_failed = 75;
    const bool broke =
        disk_breaks_ && (code == store_failed || (code == failed_at_start && !served_));
    if (code != 0 && code != -SIGKILL && !broke) FAIL("it ended with ", code, ": ", daemon_->log());
    if (!served_) return code;
    daemon_->check_state();
    submitting_at_kills_ += jobs_on_disk(daemon_->state("db"), proto::State::submitting);
    note_spooled();
    for (std::uint64_t n = 1; n <= backups_; ++n) {
        const std::string backup = directory_.path("backup-" + std::to_string(n));
        if (fs::exists(backup)) CHECK(run_program({"genspool", "verify", backup}).code == 0);
    }
    return code;
}

/// These replies say what became of their purchases, so none of them may leave a job in doubt.
void KillWalk::note_spooled() {
    for (const auto& entry : fs::directory_iterator(daemon_->state("spool"))) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)),
                                std::istreambuf_iterator<char>());
        if (workers::parse_spool(bytes)) spooled_.insert(entry.path().stem().string());
    }
}

bool KillWalk::dead() {
    return !daemon_->process().running();
}

template <class Condition>
void KillWalk::until(const std::string& what, Condition condition) {
    await(what, [&] { return dead() || condition(); });
}

/// Throws if it is refused, or the daemon is gone.
json::value KillWalk::call(const std::string& target, const std::string& body,
                           const ApiHeaders& headers) {
    const ApiAnswer answer = daemon_->api().post(target, body, headers);
    if (answer.status < 200 || answer.status > 299)
        throw std::runtime_error(target + ": " + std::to_string(answer.status) + answer.text);
    return answer.body;
}

/// Its id.
std::string KillWalk::hand_in(const std::string& name, const std::string& job) {
    return text_of(call("/v1/jobs", job, {{"Idempotency-Key", name}}), "id");
}

/// The last life may have ended while it was paused.
void KillWalk::let_run() {
    call("/v1/queue/resume", "{}");
}

void KillWalk::hand_in_jobs() {
    hand_in("walk-video", video("walk-video", R"(,"output":"films/{id}{ext}")"));
    hand_in("walk-voice", voice("walk-voice"));
    hand_in("walk-song", song("walk-song"));
    hand_in("walk-lyrics",
            job("walk-lyrics", "lyrics", R"("mode":"write_full_song","prompt":"walk-lyrics")"));
    hand_in("walk-picture", picture("walk-picture"));
    hand_in("walk-template", job("walk-template", "video_template",
                                 R"("template_id":"7","text_inputs":[{"value":"walk-template"}])"));
    hand_in("walk-h3", job("walk-h3", "video",
                           R"("model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"1:1",)"
                           R"("content":[{"type":"text","text":"walk-h3"}])"));
    hand_in("walk-chat",
            job("walk-chat", "chat",
                R"("model":"MiniMax-M3","messages":[{"role":"user","content":"walk-chat"}])"));
    hand_in("walk-design",
            job("walk-design", "voice_design", R"("preview_text":"ahoy","prompt":"walk-design")"));
}

/// Its name, "sha256:…".
std::string KillWalk::hand_in_file(const std::string& bytes) {
    cli::HttpCall put;
    put.method = "PUT";
    put.target = "/v1/blobs";
    put.body = bytes;
    const ApiAnswer answer = daemon_->api().call(put);
    if (answer.status != 200) throw std::runtime_error("not kept: " + answer.text);
    return text_of(answer.body, "file");
}

/// A film of a picture that is handed in, and a voice after a recording. (A file of another job's
/// would wait for ever where that one is held.)
void KillWalk::hand_in_files() {
    const std::string name = hand_in_file(png);
    hand_in("walk-frame", film("walk-frame", R"({"$file":")" + name + R"("})"));
    const std::string recording = hand_in_file("ID3 ahoy");
    hand_in("walk-clone",
            job("walk-clone", "voice_clone",
                R"("model":"speech-2.8-hd","text":"walk-clone","voice_id":"walk-clone","file_id":)"
                R"({"$file":")" +
                    recording + R"("})"));
}

/// As an upstream's own client: whoever has no answer says the same again, and must not buy again.
void KillWalk::order_through_gateway() {
    if (gateway_answered_) return;
    const auto answer = daemon_->api().post(
        "/minimax/v1/video_generation",
        std::string(R"({"model":"MiniMax-Hailuo-02","prompt":")") + nameless + " of a walk\"}");
    gateway_answered_ = answer.status == 200;
    if (!gateway_answered_) throw std::runtime_error("no task: " + answer.text);
}

void KillWalk::hand_in_batches() {
    const std::string lines = "[" + video("batch-video") + "," + picture("batch-picture") + "," +
                              refused("batch-refused") + "]";
    call("/v1/jobs", lines, {{"Idempotency-Key", "batch"}});
    const auto answer = daemon_->api().post("/v1/jobs?atomic=true", lines);
    if (answer.status != 422) throw std::runtime_error("not refused whole: " + answer.text);
}

void KillWalk::drop_file() {
    const std::string fails_once = video(failing, R"(,"max_attempts":1)", "[[fail:1013]]");
    if (!file_dropped_) {
        file_dropped_ = true;
        fs::create_directories(daemon_->state("inbox/frames"));
        std::ofstream(daemon_->state("inbox/frames/a.png"), std::ios::binary) << png << " or two";
        daemon_->drop(file, film("file-video", R"({"$file":"frames/a.png"})") + "\n" +
                                voice("file-voice") + "\n" + fails_once + "\n" +
                                refused("file-refused") + "\n");
    }
    await_quiet();
}

void KillWalk::drop_nonsense() {
    if (!nonsense_dropped_) {
        nonsense_dropped_ = true;
        daemon_->drop(nonsense, "this is no job\n");
    }
    await_quiet();
}

/// Of the job's own name, as a restored backup may leave one.
void KillWalk::spool_file_in_the_way() {
    call("/v1/queue/pause", "{}");
    const std::string id = hand_in(in_the_way, song(in_the_way));
    const auto shown = daemon_->api().get("/v1/jobs/" + id).body;
    if (shown.at("send").to_number<int>() == 0)
        std::ofstream(daemon_->state("spool/" + id + ".1")) << "of another time";
    let_run();
    await_quiet();
}

/// Its line stands twice in the results, until they are rewritten. As long as a job is held, as one
/// that was on the wire at a kill, its batch has not ended and nothing is rewritten.
void KillWalk::retry_failed() {
    if (daemon_->count("held") + daemon_->count("unknown") > 0) return;
    const auto count_done = [this] {
        const std::string log = daemon_->log();
        std::size_t count = 0;
        for (auto at = log.find("results_done"); at != log.npos;
             at = log.find("results_done", at + 1))
            ++count;
        return count;
    };
    const auto all = daemon_->api().all("/v1/jobs?limit=1000", "jobs");
    const auto named = [](const json::value& shown) { return text_of(shown, "custom_id"); };
    const auto failed = std::ranges::find(all, failing, named);
    if (failed == all.end() || text_of(*failed, "state") != "failed" ||
        failed->at("send").to_number<int>() != 1)
        return;
    // A batch with a job that is held has not ended.
    const bool ends = std::ranges::none_of(all, [&](const json::value& shown) {
        return text_of(shown, "batch") == text_of(*failed, "batch") &&
               (text_of(shown, "state") == "held" || text_of(shown, "state") == "unknown");
    });
    const std::string done = daemon_->state("results/walk.done");
    if (ends) until("the results", [&] { return fs::exists(done); });
    const std::size_t before = count_done();
    call("/v1/jobs/" + text_of(*failed, "id") + "/retry", "{}");
    await_quiet();
    if (ends) until("the results to be rewritten", [&] { return count_done() > before; });
}

void KillWalk::back_up() {
    const std::string directory = directory_.path("backup-" + std::to_string(++backups_));
    call("/v1/backup", R"({"directory":")" + directory + R"(","artifacts":true})");
}

void KillWalk::await_quiet() {
    until("all jobs to end", [this] { return daemon_->is_quiet(); });
}

/// Whatever the kills overtook, each job's end was told, or that it is held.
void KillWalk::await_told() {
    std::string untold;
    const auto told_all = [&] {
        std::ifstream file(directory_.path("told"));
        std::set<std::string> told;
        for (std::string line; std::getline(file, line);)
            told.insert(line);
        untold.clear();
        for (const json::value& job : daemon_->api().all("/v1/jobs?limit=1000", "jobs")) {
            const std::string state = text_of(job, "state");
            if (state == "unknown") continue;  // it will be held, and is told of then
            const std::string line = text_of(job, "id") + " " + state;
            if (!told.contains(line)) untold += line + " ";
        }
        return untold.empty();
    };
    try {
        until("the hook to be told", told_all);
    } catch (const std::exception&) {
        FAIL("never told: ", untold, daemon_->api().get("/v1/hooks/walk").text, daemon_->log());
    }
}

void KillWalk::finish() {
    if (!work({})) FAIL("it died: ", daemon_->log());
    await_told();
    for (const auto& entry : fs::directory_iterator(daemon_->state("spool"))) {
        // What was moved aside stays as long as its job.
        if (entry.path().string().find(".old") != std::string::npos) fs::remove(entry.path());
    }
    const Audit audit(*daemon_, simulator_);
    audit.check_jobs(names());
    audit.check_ledger();
    audit.check_files({file}, {nonsense});
    held_ = audit.held();
    for (const std::string& id : spooled_) {
        CAPTURE(id);
        CHECK(text_of(daemon_->api().get("/v1/jobs/" + id).body, "state") == "succeeded");
    }
    CHECK(daemon_->stop() == 0);
    audit.check_database(submitting_at_kills_);
}

}  // namespace genspool::tests
