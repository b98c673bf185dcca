#include "tests/storm/feeder.hpp"

#include <array>
#include <filesystem>

#include "tests/support/await.hpp"

namespace genspool::tests {
namespace {

constexpr std::uint64_t file_every = 6;
constexpr std::uint64_t file_lines = 8;

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

/// All the kinds, videos more often: they go through polls and downloads.
std::string kind_and_request(std::uint64_t number, const std::string& prompt) {
    const std::string text = quoted(prompt);
    switch (number % 7) {
        case 1:
            return R"("kind":"tts","request":{"model":"speech-2.8-hd","text":)" + text +
                   R"(,"voice_setting":{"voice_id":"x"}})";
        case 2:
            return R"("kind":"image","request":{"model":"image-01","n":2,"prompt":)" + text + "}";
        case 3:
            return R"("kind":"music","request":{"model":"music-2.6","lyrics":"la la","prompt":)" +
                   text + "}";
        case 4:
            return R"("kind":"lyrics","request":{"mode":"write_full_song","prompt":)" + text + "}";
        default:
            return R"("kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":)" + text +
                   "}";
    }
}

}  // namespace

Feeder::Feeder(const DaemonProgram& daemon) : daemon_(daemon), thread_([this] { run(); }) {}

Feeder::~Feeder() {
    abandoned_ = true;
    finish();
}

void Feeder::allow(std::uint64_t handings) {
    const std::lock_guard lock(mutex_);
    allowed_ += handings;
    changed_.notify_one();
}

void Feeder::finish() {
    {
        const std::lock_guard lock(mutex_);
        finishing_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

/// False: there is no more to hand in.
bool Feeder::await_permit() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return allowed_ > 0 || finishing_; });
    if (allowed_ == 0 || abandoned_) return false;
    --allowed_;
    return true;
}

void Feeder::run() {
    while (await_permit()) {
        if (handings_++ % file_every == file_every - 1) {
            drop_file();
        } else {
            hand_in_one();
        }
    }
}

std::string Feeder::next_job() {
    const std::uint64_t number = names_.size();
    std::string name = std::to_string(number);
    name = "storm-" + std::string(6 - name.size(), '0') + name;
    names_.push_back(name);
    // A video that fails upstream in a way that is worth another attempt, and all of those too.
    const std::string marker = number % 35 == 5 ? " [[fail:1013]]" : "";
    return R"({"custom_id":")" + name + R"(",)" + kind_and_request(number, name + marker) + "}";
}

void Feeder::hand_in_one() {
    const std::string job = next_job();
    const ApiHeaders headers{{"Idempotency-Key", "key-of-" + names_.back()}};
    ApiAnswer answer;
    await("a job to be acknowledged", [&] {
        answer = daemon_.api().post("/v1/jobs", job, headers);
        const bool known = answer.status != 0 && answer.status != 503;
        return known || abandoned_;
    });
    if (answer.status != 200 && answer.status != 201) refusals_.push_back(answer.text);
}

void Feeder::drop_file() {
    std::string lines;
    const std::string name = "file-" + std::to_string(handings_) + ".jsonl";
    for (std::uint64_t line = 0; line < file_lines; ++line)
        lines += next_job() + "\n";
    files_.push_back(name);
    await("the inbox",
          [&] { return abandoned_ || std::filesystem::exists(daemon_.state("inbox")); });
    if (!abandoned_) daemon_.drop(name, lines);
}

}  // namespace genspool::tests
