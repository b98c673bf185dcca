#include "tests/simulator/useapi/ids.hpp"

#include <algorithm>

namespace genspool::simulator::useapi {
namespace {

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes `ending` and what stands before it, if the text holds it.
std::optional<std::string> take_up_to(std::string_view& text, std::string_view ending) {
    const std::size_t at = text.find(ending);
    if (at == text.npos) return std::nullopt;
    std::string taken(text.substr(0, at));
    text.remove_prefix(at + ending.size());
    return taken;
}

std::optional<IdParts> read_agent(std::string_view id) {
    const auto number = take_up_to(id, "-u");
    const auto user = take_up_to(id, "-a");
    const auto account = take_up_to(id, "-bot:minimax");
    if (!number || !user || !account || !id.empty()) return std::nullopt;
    if (!number->starts_with('p') || !all_digits(number->substr(1))) return std::nullopt;
    return IdParts{*user, *account, "bot"};
}

}  // namespace

std::string make_id(std::string_view user, std::string_view account, std::string_view word,
                    std::uint64_t number) {
    std::string id;
    if (word == "bot") {
        id.append("p").append(std::to_string(number)).append("-u").append(user);
        return id.append("-a").append(account).append("-bot:minimax");
    }
    id.append("user:").append(user).append("-minimax:").append(account).append("-").append(word);
    return id.append(":").append(std::to_string(number));
}

std::optional<IdParts> read_id(std::string_view id) {
    if (id.ends_with("-bot:minimax")) return read_agent(id);
    constexpr std::string_view opening = "user:";
    if (!id.starts_with(opening)) return std::nullopt;
    id.remove_prefix(opening.size());
    const auto user = take_up_to(id, "-minimax:");
    const auto account = take_up_to(id, "-");
    const auto word = take_up_to(id, ":");
    if (!user || !account || !word || !all_digits(id)) return std::nullopt;
    return IdParts{*user, *account, *word};
}

std::string user_of_token(std::string_view token) {
    constexpr std::string_view opening = "user:";
    if (!token.starts_with(opening)) return {};
    token.remove_prefix(opening.size());
    const auto user = take_up_to(token, "-");
    return user && all_digits(*user) && !token.empty() ? *user : std::string();
}

}  // namespace genspool::simulator::useapi
