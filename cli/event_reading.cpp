#include "cli/event_reading.hpp"

#include <algorithm>
#include <utility>

namespace genspool::cli {

std::optional<StreamedEvent> EventReading::next() {
    std::size_t begin = 0;
    std::optional<StreamedEvent> found;
    while (!found) {
        const std::size_t end = pending_.find('\n', begin);
        if (end == std::string::npos) break;
        std::string_view line = std::string_view(pending_).substr(begin, end - begin);
        begin = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) {
            take_line(line);
        } else {
            if (has_data_) found = open_;
            open_ = {};
            has_data_ = false;
        }
    }
    pending_.erase(0, begin);
    return found;
}

void EventReading::take_line(std::string_view line) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "id") {
        open_.id = value;
    } else if (name == "data") {
        if (std::exchange(has_data_, true)) open_.data += '\n';
        open_.data += value;
    }
}

}  // namespace genspool::cli
