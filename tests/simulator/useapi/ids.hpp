#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::simulator::useapi {

/// What an id tells of its owner.
struct IdParts {
    std::string user;
    std::string account;
    std::string word;  ///< "video", "image", "file", "audio", "music", "bot"
};

/// "user:1-minimax:301-video:412"; of an agent ("bot") "p412-u1-a301-bot:minimax".
std::string make_id(std::string_view user, std::string_view account, std::string_view word,
                    std::uint64_t number);

/// nullopt: it is no id.
std::optional<IdParts> read_id(std::string_view id);

/// The number in "user:1-secret"; empty: it is no token.
std::string user_of_token(std::string_view token);

}  // namespace genspool::simulator::useapi
