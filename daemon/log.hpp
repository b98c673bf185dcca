#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "daemon/secret.hpp"

namespace genspool::daemon {

enum class Level : std::uint8_t { debug, info, warn, error };

struct LogField {
    std::string_view key;
    std::string value;
};

/// Writes one line: `event key=value key="two words"`. Events are fixed words with underscores; ids
/// always go along (job, batch, account). Payloads and keys never do: what hide_in_logs() was told
/// of is blotted out wherever it stands. Any thread.
void log(Level level, std::string_view event, std::initializer_list<LogField> fields);

/// Lines below `lowest` are left out. Writes to stderr; under systemd with the journal's level
/// prefix, otherwise with the time. Call once, at start.
void start_log(Level lowest);

/// Every log line from now on shows *** in place of this key.
void hide_in_logs(const Secret& secret);

/// Takes the lines instead of stderr, until it is set to nullptr again. For tests.
void set_log_sink(std::function<void(Level, const std::string& line)> sink);

}  // namespace genspool::daemon
