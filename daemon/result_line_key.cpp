#include "daemon/result_line_key.hpp"

#include <charconv>
#include <string>

namespace genspool::daemon {

namespace {

// As result_line() and refused_result_line() begin and end their lines.
constexpr std::string_view id_before = R"({"id":")";
constexpr std::string_view no_id_before = R"({"id":null,)";
constexpr std::string_view end_before = R"(,"end":)";
constexpr std::size_t id_bytes = 26;

}  // namespace

std::optional<ResultLineKey> result_line_key(std::string_view line) {
    if (line.starts_with(no_id_before)) return ResultLineKey{};
    const std::size_t at = line.rfind(end_before);
    if (!line.starts_with(id_before) || at == std::string_view::npos) return std::nullopt;
    const auto id = proto::JobId::parse(line.substr(id_before.size(), id_bytes));
    const std::string_view number = line.substr(at + end_before.size());
    ResultLineKey key;
    const auto [stop, error] =
        std::from_chars(number.data(), number.data() + number.size(), key.end.value);
    if (!id || error != std::errc{} || stop == number.data() + number.size() || *stop != '}') {
        return std::nullopt;
    }
    key.job = id->seq();
    return key;
}

}  // namespace genspool::daemon
