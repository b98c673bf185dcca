#include "tests/programs/daemon_program.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

namespace genspool::tests {
namespace {

/// Where the provider's paths begin, at its host.
std::string base_url(const DaemonSettings& settings) {
    return settings.upstream + (settings.provider == "useapi" ? "/v1/minimax" : "");
}

std::string config_text(const DaemonSettings& settings, const std::string& socket) {
    return "[daemon]\nstate_dir = \"" + settings.state_dir + "\"\nsocket = \"" + socket +
           "\"\n[inbox]\nsettle = \"50ms\"\n[fetch]\nprivate_hosts = true\n" +
           "[retry]\nbase = \"50ms\"\ncap = \"1s\"\n[disk]\nreserve = " + settings.disk_reserve +
           "\n" + settings.tables + "[[account]]\nname = \"main\"\nprovider = \"" +
           settings.provider + "\"\nbase_url = \"" + base_url(settings) +
           "\"\napi_key_env = \"GENSPOOL_TEST_KEY\"\n" + "poll = " + settings.poll + "\n" +
           settings.account;
}

/// Without `unknown`: a search goes on for minutes.
constexpr std::array<const char*, 7> busy_states = {
    "blocked", "queued", "preparing", "submitting", "running", "canceling", "fetching"};

bool at_work(const boost::json::value& stats) {
    return std::ranges::any_of(busy_states, [&stats](const char* state) {
        return stats.at("states").at(state).to_number<std::uint64_t>() != 0;
    });
}

}  // namespace

DaemonProgram::DaemonProgram(const TemporaryDirectory& directory, DaemonSettings settings)
    : settings_(std::move(settings)),
      socket_(directory.path("socket")),
      config_(directory.path("genspool.toml")),
      log_(directory.path("daemon.log")),
      disk_told_(directory.path("disk-told")) {
    if (settings_.state_dir.empty()) settings_.state_dir = directory.path("state");
    std::ofstream(config_) << config_text(settings_, socket_);
}

DaemonProgram::~DaemonProgram() {
    if (!started_) return;
    process_.reset();
    check_state();
}

void DaemonProgram::check_state() const {
    const ProgramRun run = run_program({"genspool", "verify", settings_.state_dir});
    if (run.code != 0) FAIL_CHECK(run.out, run.err);
}

bool DaemonProgram::start(const std::string& kill_at) {
    ProcessOptions options;
    options.command = {program("genspoold"), "--config", config_};
    options.environment = {"GENSPOOL_TEST_KEY=" + settings_.key, "GENSPOOL_KILL_AT=" + kill_at};
    options.output = log_;
    std::filesystem::remove(disk_told_);
    if (!settings_.disk_fault.empty()) {
        for (const std::string& more :
             {"LD_PRELOAD=" + program("broken_disk.so"), "GENSPOOL_DISK=" + settings_.state_dir,
              "GENSPOOL_DISK_FAULT=" + settings_.disk_fault, "GENSPOOL_DISK_TOLD=" + disk_told_})
            options.environment.push_back(more);
    }
    process_ = std::make_unique<Process>(options);
    bool ended = false;
    await("the daemon to answer", [&] {
        ended = !process_->running();
        return ended || api().get("/healthz").status == 200;
    });
    if (ended && process_->wait() != -SIGKILL && settings_.disk_fault.empty())
        throw std::runtime_error("the daemon does not start: " + log());
    // A disk that breaks may leave nothing that could be verified.
    if (!ended || settings_.disk_fault.empty()) started_ = true;
    return !ended;
}

void DaemonProgram::kill() {
    process_->signal(SIGKILL);
    process_->wait();
}

int DaemonProgram::stop() {
    process_->signal(SIGTERM);
    return process_->wait();
}

std::string DaemonProgram::log() const {
    std::ifstream file(log_);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> DaemonProgram::disk_told() const {
    std::vector<std::string> told;
    std::ifstream file(disk_told_);
    for (std::string line; std::getline(file, line);)
        told.push_back(line);
    return told;
}

std::string DaemonProgram::http_port() const {
    const std::string all = log();
    const std::string mark = "http_listening address=";
    const std::size_t line = all.rfind(mark);
    if (line == std::string::npos) throw std::runtime_error("no TCP: " + all);
    const std::size_t end = all.find(' ', line + mark.size());
    const std::size_t colon = all.rfind(':', end);
    return all.substr(colon + 1, end - colon - 1);
}

void DaemonProgram::drop(const std::string& name, const std::string& text) const {
    const std::string hidden = state("inbox/." + name);
    std::ofstream(hidden) << text;
    std::filesystem::rename(hidden, state("inbox/" + name));
}

std::uint64_t DaemonProgram::count(const std::string& state) const {
    const ApiAnswer answer = api().get("/v1/stats");
    if (answer.status != 200) throw std::runtime_error("no stats: " + answer.text);
    return answer.body.at("states").at(state).to_number<std::uint64_t>();
}

bool DaemonProgram::is_quiet() const {
    const ApiAnswer answer = api().get("/v1/stats");
    if (answer.status != 200) throw std::runtime_error("no stats: " + answer.text);
    const std::filesystem::directory_iterator inbox(state("inbox"));
    return !at_work(answer.body) && std::all_of(begin(inbox), end(inbox), [](const auto& entry) {
        return entry.is_directory();  // it holds what jobs take, and stays
    });
}

void DaemonProgram::await_quiet() const {
    try {
        await("all jobs to end", [this] { return is_quiet(); });
    } catch (const std::exception& error) {
        throw std::runtime_error(error.what() + what_is_left());
    }
}

std::string DaemonProgram::what_is_left() const {
    std::string text = "\n" + api().get("/v1/accounts").text;
    for (const auto& entry : std::filesystem::directory_iterator(state("inbox")))
        text += "\n" + entry.path().string();
    for (const char* const busy : busy_states) {
        const ApiAnswer jobs = api().get("/v1/jobs?limit=5&state=" + std::string(busy));
        if (jobs.status != 200) continue;
        for (const auto& job : jobs.body.at("jobs").as_array()) {
            const std::string path = "/v1/jobs/" + text_of(job, "id");
            text += "\n" + api().get(path).text + "\n" + api().get(path + "/events").text;
        }
    }
    return text;
}

}  // namespace genspool::tests
