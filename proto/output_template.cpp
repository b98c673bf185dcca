#include "proto/output_template.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto {
namespace {

constexpr std::size_t bytes_max = 512;
/// Of the 255 bytes that a file system gives a name.
constexpr std::size_t component_bytes_max = 200;
constexpr std::array<std::string_view, 7> names = {"id", "batch", "custom_id", "kind",
                                                   "n",  "-n",    "ext"};

std::optional<std::string> names_fault(std::string_view output) {
    while (true) {
        const std::size_t brace = output.find_first_of("{}");
        if (brace == std::string_view::npos) return std::nullopt;
        const std::size_t end = output.find_first_of("{}", brace + 1);
        if (output[brace] == '}' || end == std::string_view::npos || output[end] == '{') {
            return "output has a brace without its partner";
        }
        const std::string_view name = output.substr(brace + 1, end - brace - 1);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            return "output knows no name '{" + std::string(name) +
                   "}', only {id} {batch} {custom_id} {kind} {n} {-n} {ext}";
        }
        output.remove_prefix(end + 1);
    }
}

std::optional<std::string> path_fault(std::string_view output) {
    for (bool last = false; !last;) {
        const std::size_t slash = output.find('/');
        last = slash == std::string_view::npos;
        const std::string_view component = output.substr(0, slash);
        if (component.empty()) return "output must not have an empty name between two \"/\"";
        if (component.front() == '.') return "output must not have a name that begins with \".\"";
        if (component.size() > component_bytes_max)
            return "output must have at most 200 bytes between two \"/\"";
        if (!last) output.remove_prefix(slash + 1);
    }
    return std::nullopt;
}

bool is_odd(char c) {
    return static_cast<unsigned char>(c) < 0x20U || c == '\x7F' || c == '\\';
}

}  // namespace

std::optional<std::string> output_fault(std::string_view output) {
    if (output.empty()) return "output must not be empty";
    if (output.size() > bytes_max) return "output must have at most 512 bytes";
    if (output.front() == '/') return "output must be a relative path, not begin with \"/\"";
    if (output.back() == '/') return "output must name a file, not end with \"/\"";
    if (output.find("..") != std::string_view::npos) return "output must not contain \"..\"";
    if (std::any_of(output.begin(), output.end(), is_odd))
        return "output must not hold control characters or backslashes";
    if (auto fault = path_fault(output)) return fault;
    return names_fault(output);
}

}  // namespace genspool::proto
