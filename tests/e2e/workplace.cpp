#include "tests/e2e/workplace.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/support/await.hpp"

namespace genspool::tests {
namespace {

DaemonSettings at(DaemonSettings settings, const SimulatorProgram& simulator) {
    settings.upstream = simulator.url();
    return settings;
}

}  // namespace

Workplace::Workplace(std::vector<std::string> simulator_arguments, DaemonSettings settings)
    : simulator(directory, std::move(simulator_arguments)),
      daemon(directory, at(std::move(settings), simulator)) {}

std::string Workplace::submit(const std::string& kind, const std::string& prompt) const {
    const ApiAnswer answer = daemon.api().post("/v1/jobs", job_text(kind, prompt));
    if (answer.status != 201) throw std::runtime_error("not taken: " + answer.text);
    return text_of(answer.body, "id");
}

boost::json::value Workplace::job(const std::string& id) const {
    return daemon.api().get("/v1/jobs/" + id).body;
}

std::string Workplace::state_of(const std::string& id) const {
    return text_of(job(id), "state");
}

void Workplace::await_state(const std::string& id, const std::string& state) const {
    await(state + " of job " + id, [&] { return state_of(id) == state; });
}

std::string job_text(const std::string& kind, const std::string& prompt) {
    boost::json::object request;
    request[kind == "tts" ? "text" : "prompt"] = prompt;
    if (kind == "tts") {
        request["model"] = "speech-2.8-hd";
        request["voice_setting"] = boost::json::object{{"voice_id", "English_Graceful_Lady"}};
    }
    if (kind == "video") request["model"] = "MiniMax-Hailuo-02";
    if (kind == "image") request["model"] = "image-01";
    if (kind == "music") {
        request["model"] = "music-2.6";
        request["lyrics"] = "la la la";
    }
    boost::json::object job;
    job["kind"] = kind;
    job["request"] = std::move(request);
    return boost::json::serialize(job);
}

std::vector<std::string> files_below(const std::string& directory) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
    return files;
}

}  // namespace genspool::tests
