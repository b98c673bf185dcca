#include "daemon/gateway/useapi/ids.hpp"

#include <algorithm>
#include <array>

#include "daemon/gateway/number.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::useapi {
namespace {

struct Name {
    Word word;
    std::string_view text;    ///< in an id
    std::string_view member;  ///< of answers
};

constexpr std::array names{
    Name{Word::video, "video", "videoId"}, Name{Word::image, "image", "imageId"},
    Name{Word::audio, "audio", "audioId"}, Name{Word::music, "music", "musicId"},
    Name{Word::agent, "bot", "jobId"},     Name{Word::file, "file", "fileID"},
};

const Name& name_of(Word word) {
    return names.at(static_cast<std::size_t>(word));
}

/// Takes `ending` and what stands before it; nullopt: the text has no such ending.
std::optional<std::string> take_up_to(std::string_view& text, std::string_view ending) {
    const std::size_t at = text.find(ending);
    if (at == std::string_view::npos) return std::nullopt;
    std::string taken(text.substr(0, at));
    text.remove_prefix(at + ending.size());
    return taken;
}

std::optional<Id> put_together(std::string_view word, std::string user, std::string account,
                               std::string_view digits) {
    const auto* const name = std::ranges::find(names, word, &Name::text);
    const auto number = proto::whole_number(digits);
    if (name == names.end() || !number) return std::nullopt;
    return Id{name->word, std::move(user), std::move(account), *number};
}

std::optional<Id> read_agent(std::string_view text) {
    if (!text.starts_with('p')) return std::nullopt;
    text.remove_prefix(1);
    const auto digits = take_up_to(text, "-u");
    auto user = take_up_to(text, "-a");
    auto account = take_up_to(text, "-bot:minimax");
    if (!digits || !user || !account || !text.empty()) return std::nullopt;
    return put_together("bot", std::move(*user), std::move(*account), *digits);
}

}  // namespace

std::optional<Word> word_of(proto::Kind kind) {
    switch (kind) {
        case proto::Kind::video:
        case proto::Kind::video_template:
            return Word::video;
        case proto::Kind::image:
            return Word::image;
        case proto::Kind::tts:
            return Word::audio;
        case proto::Kind::music:
            return Word::music;
        case proto::Kind::agent:
            return Word::agent;
        default:
            return std::nullopt;
    }
}

std::string_view id_member(Word word) {
    return name_of(word).member;
}

std::string id_text(Word word, std::uint64_t number) {
    const std::string digits = std::to_string(number);
    if (word == Word::agent) return "p" + digits + "-u0-a0-bot:minimax";
    return "user:0-minimax:0-" + std::string(name_of(word).text) + ":" + digits;
}

std::optional<Id> read_id(std::string_view text) {
    constexpr std::string_view opening = "user:";
    if (!text.starts_with(opening)) return read_agent(text);
    text.remove_prefix(opening.size());
    auto user = take_up_to(text, "-minimax:");
    auto account = take_up_to(text, "-");
    const auto word = take_up_to(text, ":");
    if (!user || !account || !word || *word == "bot") return std::nullopt;
    return put_together(*word, std::move(*user), std::move(*account), text);
}

std::string id_of(const proto::JobId& job, Word word, std::size_t n) {
    // A picture is one of several from the first; all else is mostly the only one.
    if (n == 0 && word != Word::image) return id_text(word, task_number(job));
    const auto number = artifact_number(job, n);
    return number ? id_text(word, *number) : "";
}

std::string file_id_of(const proto::JobId& job, std::size_t n) {
    const auto number = artifact_number(job, n);
    return number ? id_text(Word::file, *number) : "";
}

}  // namespace genspool::daemon::gateway::useapi
