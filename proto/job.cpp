#include "proto/job.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto {
namespace {

/// By number; no kind has 0.
constexpr std::array<std::string_view, 12> kind_names = {
    "",      "video", "video_template", "tts",          "music", "lyrics",
    "image", "agent", "voice_clone",    "voice_design", "chat",  "chat_batch"};

/// How many sends are known to have been taken: by a task, by artifacts, or by their whole answer.
std::size_t known_sends(const JobRecord& record) {
    std::vector<Send> sends;
    for (const Task& task : record.tasks)
        sends.push_back(task.send);
    for (const Artifact& artifact : record.artifacts)
        sends.push_back(artifact.source.send);
    if (record.result_send != 0) sends.push_back(record.result_send);
    if (record.failure && record.failure->billed) sends.push_back(record.send);
    std::sort(sends.begin(), sends.end());
    return static_cast<std::size_t>(std::unique(sends.begin(), sends.end()) - sends.begin());
}

}  // namespace

std::string_view to_string(Kind kind) {
    return kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<Kind> parse_kind(std::string_view text) {
    for (std::size_t i = 1; i < kind_names.size(); ++i) {
        if (kind_names[i] == text) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

std::string reference_of(const JobRecord& record) {
    return record.id.text() + "#" + std::to_string(record.send);
}

bool was_answered(const JobRecord& record) {
    return record.send != 0 && record.result_send == record.send;
}

bool has_uncertain_send(const JobRecord& record) {
    if (record.uncertain > 0 || record.state == State::unknown) return true;
    // Without a price an uncertain send weighs nothing, so the sends themselves are counted too.
    return record.charged > known_sends(record);
}

}  // namespace genspool::proto
