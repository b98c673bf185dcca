#include "tests/simulator/command_line.hpp"

#include <charconv>

namespace genspool::simulator {
namespace {

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number value{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::string> read_span(std::string_view word, Duration& into) {
    constexpr double seconds_max = 86'400.0 * 365;
    if (const auto seconds = read_number<double>(word)) {
        if (!(*seconds >= 0.0 && *seconds <= seconds_max)) return "the time is out of range";
        into = Duration(static_cast<std::int64_t>(*seconds * 1'000.0));
        return std::nullopt;
    }
    const auto span = proto::parse_duration(word);
    if (!span) return "'" + std::string(word) + "' is no time such as 5s, 250ms or 1h";
    into = *span;
    return std::nullopt;
}

std::optional<std::string> read_listen(std::string_view word, ServerOptions& into) {
    const auto colon = word.rfind(':');
    if (colon == word.npos) return "'" + std::string(word) + "' is no ADDRESS:PORT";
    const auto port = read_number<std::uint16_t>(word.substr(colon + 1));
    if (!port) return "'" + std::string(word) + "' has no port from 0 to 65535";
    auto address = word.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    }
    into.address = address;
    into.port = *port;
    return std::nullopt;
}

std::optional<std::string> read_fault(std::string_view word, FaultPlan& into) {
    const auto equals = word.find('=');
    const auto rate =
        equals == word.npos ? std::nullopt : read_number<double>(word.substr(equals + 1));
    if (!rate) return "'" + std::string(word) + "' is no NAME=RATE";
    return into.set(word.substr(0, equals), *rate);
}

std::optional<std::string> read_class_number(std::string_view word,
                                             std::array<std::uint32_t, slot_class_count>& into) {
    const auto equals = word.find('=');
    const auto slot = parse_slot_class(word.substr(0, equals));
    const auto number =
        equals == word.npos ? std::nullopt : read_number<std::uint32_t>(word.substr(equals + 1));
    if (!slot || !number) {
        return "'" + std::string(word) +
               "' is no CLASS=N with a class of video, image, music, tts, lyrics, speech, agent";
    }
    into[static_cast<std::size_t>(*slot)] = *number;
    return std::nullopt;
}

std::string help_footer() {
    std::string text = "Faults (--fault NAME=RATE, rates from 0 to 1):\n";
    for (const auto& info : fault_table()) {
        std::string name(info.name);
        name.resize(26, ' ');
        text += "  " + name + std::string(info.what) + "\n";
    }
    text +=
        "  refuse-CODE               a create is refused with that code; of 1000 and 1001 half "
        "are\n"
        "                            taken all the same. Codes from 100 to 999 are of useapi.net\n"
        "                            (412, 422, 429, 596, …; of 500 half are taken), others are "
        "not\n"
        "Markers in a prompt steer one job:\n"
        "  [[refuse:CODE]] [[fail:CODE]] [[slow:SECONDS]] [[drop]] [[502]] [[504]] "
        "[[stall:BYTES]]\n"
        "  [[unknown-state]] [[partial:K]] [[forbid-download]] [[ref:TEXT]]\n"
        "  with useapi.net also [[no-id]] [[watermarked]] [[rewrite]] [[error-text]]\n"
        "  [[attachments:K]] [[tracks:K]]; there CODE is HTTP's or the final status (3, 5, 404)\n"
        "Keys: any is an account; one with 'bad' in it is refused, 'broke' has no balance,\n"
        "  'noplan' no model, 'echo' is repeated in its refusal; 'only-at-N' is a key of another\n"
        "  region, which is played at port N. What begins with /v1/minimax/ is\n"
        "  useapi.net: its token user:N-SECRET opens every account that a call names.\n"
        "Admin: GET /sim/stats; POST /sim/faults {\"NAME\": RATE}, /sim/allow-downloads, "
        "/sim/finish,\n"
        "  /sim/useapi {\"account\": …, \"user\": \"1\", \"maxJobs\": N, \"queueLength\": N,\n"
        "  \"imageQueueLength\": N, \"speechLimit\": N, \"agentLimit\": N, \"credits\": N, "
        "\"error\": …,\n"
        "  \"exp\": SECONDS, \"supportVideo\": true, \"supportAudio\": true}\n";
    return text;
}

}  // namespace genspool::simulator
