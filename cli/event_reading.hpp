#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::cli {

/// One event of a server-sent stream.
struct StreamedEvent {
    std::string id;
    std::string data;

    bool operator==(const StreamedEvent&) const = default;
};

/// Cuts a server-sent stream into events. Comments and fields it does not know are passed over.
class EventReading {
public:
    /// Takes bytes as they arrive.
    void feed(std::string_view bytes) { pending_ += bytes; }

    /// The next whole event, if there is one.
    std::optional<StreamedEvent> next();

private:
    void take_line(std::string_view line);

    std::string pending_;
    StreamedEvent open_;
    bool has_data_ = false;
};

}  // namespace genspool::cli
