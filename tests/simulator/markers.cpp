#include "tests/simulator/markers.hpp"

#include <charconv>

namespace genspool::simulator {
namespace {

template <class Number>
bool read_number(std::string_view text, std::optional<Number>& into) {
    Number value{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || value < Number{}) return false;
    into = value;
    return true;
}

bool read_seconds(std::string_view text, std::optional<proto::Duration>& into) {
    constexpr double seconds_max = 86'400.0 * 365;
    std::optional<double> seconds;
    if (!read_number(text, seconds) || !(*seconds <= seconds_max)) return false;
    into = proto::Duration(static_cast<std::int64_t>(*seconds * 1'000.0));
    return true;
}

bool set_flag(bool& flag, std::string_view value) {
    flag = true;
    return value.empty();
}

bool read_marker(std::string_view name, std::string_view value, Markers& markers) {
    if (name == "refuse") return read_number(value, markers.refuse);
    if (name == "fail") return read_number(value, markers.fail);
    if (name == "slow") return read_seconds(value, markers.slow);
    if (name == "stall") return read_number(value, markers.stall);
    if (name == "drop") return set_flag(markers.drop, value);
    if (name == "502") return set_flag(markers.bad_gateway, value);
    if (name == "504") return set_flag(markers.timed_out, value);
    if (name == "no-id") return set_flag(markers.no_id, value);
    if (name == "watermarked") return set_flag(markers.watermarked, value);
    if (name == "rewrite") return set_flag(markers.rewrite, value);
    if (name == "error-text") return set_flag(markers.error_text, value);
    if (name == "attachments") return read_number(value, markers.attachments);
    if (name == "tracks") return read_number(value, markers.tracks);
    if (name == "unknown-state") return set_flag(markers.unknown_state, value);
    if (name == "forbid-download") return set_flag(markers.forbid_download, value);
    if (name == "partial") {
        std::optional<std::uint64_t> missing;
        if (!read_number(value, missing)) return false;
        markers.partial = *missing;
        return true;
    }
    if (name == "ref") {
        markers.ref = value;
        return true;
    }
    return false;
}

}  // namespace

MarkersRead read_markers(std::string_view prompt) {
    MarkersRead read;
    for (auto open = prompt.find("[["); open != prompt.npos; open = prompt.find("[[", open + 2)) {
        const auto close = prompt.find("]]", open);
        if (close == prompt.npos) break;
        const auto marker = prompt.substr(open + 2, close - open - 2);
        const auto colon = marker.find(':');
        const auto name = marker.substr(0, colon);
        const auto value = colon == marker.npos ? std::string_view{} : marker.substr(colon + 1);
        if (!read_marker(name, value, read.markers)) {
            read.problem = "the marker [[" + std::string(marker) + "]] is not understood";
            return read;
        }
    }
    return read;
}

}  // namespace genspool::simulator
