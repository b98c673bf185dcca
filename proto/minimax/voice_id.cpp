#include "proto/minimax/voice_id.hpp"

#include <algorithm>
#include <string>

namespace genspool::proto::minimax {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool may_stand(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

void check_voice_id(Checker& request, std::string_view name) {
    request.check_text(name, {8, 256});
    const std::string_view id = request.text(name);
    if (id.empty()) return;
    const bool good = is_letter(id.front()) && std::all_of(id.begin(), id.end(), may_stand) &&
                      !id.ends_with('-') && !id.ends_with('_');
    if (good) return;
    request.refuse("invalid", name,
                   request.path_of(name) +
                       " must begin with a letter, hold letters, digits, - and _ only, and end in "
                       "neither - nor _");
}

}  // namespace genspool::proto::minimax
