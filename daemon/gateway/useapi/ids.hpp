#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/job.hpp"

/// What the upstream's clients call things: a number (number.hpp) in the form that it gives them.
namespace genspool::daemon::gateway::useapi {

/// Which sort of thing an id says it names.
enum class Word : std::uint8_t { video, image, audio, music, agent, file };

/// What jobs of a kind make; nullopt: there is no id for it.
std::optional<Word> word_of(proto::Kind kind);

/// The member that holds its id: "videoId".
std::string_view id_member(Word word);

/// "user:0-minimax:0-video:5312709481369600"; of an agent "p5312709481369600-u0-a0-bot:minimax".
/// Neither a user nor an account of the upstream is called 0: by that ours are known, and a job
/// need not be at an account yet.
std::string id_text(Word word, std::uint64_t number);

/// An id, of ours or of the upstream's.
struct Id {
    Word word = Word::video;
    std::string user;
    std::string account;
    std::uint64_t number = 0;

    bool ours() const { return user == "0" && account == "0"; }
};

/// nullopt: it is none.
std::optional<Id> read_id(std::string_view text);

/// What the n-th thing that a job makes is called, whether it is there yet or not.
std::string id_of(const proto::JobId& job, Word word, std::size_t n);

/// The file itself, to be named in requests.
std::string file_id_of(const proto::JobId& job, std::size_t n);

}  // namespace genspool::daemon::gateway::useapi
