#include "proto/useapi/decommissioned.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto::useapi {
namespace {

constexpr std::string_view chat_instead = "chat is a kind of provider minimax";
constexpr std::string_view all_below = "/*";

constexpr std::array table{
    Decommissioned{"", "/audio/*", "2025-08-21", "speech is made by kind tts (/speech/create)"},
    Decommissioned{"GET", "/music/create", "2025-08-21",
                   "songs are made by kind music (POST /music/create)"},
    Decommissioned{"GET", "/music", "2025-08-21", "one song is at GET /music/{musicId}"},
    Decommissioned{"GET", "/music/styles", "2025-08-21",
                   "the prompt of a song says its style as well"},
    Decommissioned{"", "/llm/*", "2025-11-24", chat_instead},
    Decommissioned{"GET", "/files", "2025-03", "a file is known by the fileID of its upload"},
    Decommissioned{"POST", "/accounts/{account}", "2025-03",
                   "POST /accounts makes and changes an account by its token"},
};

bool matches(std::string_view pattern, std::string_view path) {
    if (const std::size_t id = pattern.find('{'); id != std::string_view::npos)
        return path.starts_with(pattern.substr(0, id)) && path.size() > id;
    if (!pattern.ends_with(all_below)) return pattern == path;
    pattern.remove_suffix(all_below.size());
    return path.starts_with(pattern) &&
           (path.size() == pattern.size() || path[pattern.size()] == '/');
}

}  // namespace

std::span<const Decommissioned> decommissioned() {
    return table;
}

const Decommissioned* find_decommissioned(std::string_view method, std::string_view path) {
    path = path.substr(0, path.find('?'));
    if (path.ends_with('/')) path.remove_suffix(1);
    const auto* const found = std::ranges::find_if(table, [&](const Decommissioned& gone) {
        return (gone.method.empty() || gone.method == method) && matches(gone.path, path);
    });
    return found != table.end() ? found : nullptr;
}

std::string tell(const Decommissioned& gone) {
    const std::string method = gone.method.empty() ? "" : std::string(gone.method) + " ";
    return "useapi.net has had no " + method + std::string(gone.path) + " since " +
           std::string(gone.since) + "; " + std::string(gone.instead) + ".";
}

}  // namespace genspool::proto::useapi
