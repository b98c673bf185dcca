#include "proto/output_template.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto {
namespace {

constexpr std::size_t bytes_max = 512;
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

}  // namespace

std::optional<std::string> output_fault(std::string_view output) {
    if (output.empty()) return "output must not be empty";
    if (output.size() > bytes_max) return "output must have at most 512 bytes";
    if (output.front() == '/') return "output must be a relative path, not begin with \"/\"";
    if (output.back() == '/') return "output must name a file, not end with \"/\"";
    if (output.find("..") != std::string_view::npos) return "output must not contain \"..\"";
    return names_fault(output);
}

}  // namespace genspool::proto
