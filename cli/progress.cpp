#include "cli/progress.hpp"

#include "cli/batch_text.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"

namespace genspool::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t id_characters = 15;
constexpr std::string_view rewind = "\r\x1b[K";

}  // namespace

Progress::Progress(const Console& console, bool quiet) : console_(console), quiet_(quiet) {}

Progress::~Progress() {
    clear();
}

void Progress::job(const boost::json::value& job) {
    const std::string state = text_at(job, "state");
    const std::string id = text_at(job, "id").substr(0, id_characters);
    std::string line = id + "  " + state;
    const std::string attempt = text_at(job, "attempt");
    if (count_at(job, "attempt") > 0) line += "  attempt " + attempt;
    std::string more;
    if (const std::string percent = percent_done(job); !percent.empty()) more = "  " + percent;
    if (const std::string text = remark(job); !text.empty()) more += "  " + printable(text);
    show(id + state + attempt, line, more);
}

void Progress::batch(const boost::json::value& batch) {
    const std::string line =
        text_at(batch, "id").substr(0, id_characters) + "  " + batch_states(batch);
    show(line, line, "");
}

void Progress::show(const std::string& key, const std::string& line, const std::string& more) {
    if (quiet_) return;
    if (!console_.err_terminal) {
        if (key != last_) console_.err_line(line + more);
    } else {
        const auto seconds =
            std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - began_);
        std::string text = line + "  " + std::to_string(seconds.count()) + "s" + more;
        const auto room =
            static_cast<std::size_t>(console_.columns > 1 ? console_.columns - 1 : 79);
        if (text.size() > room) {
            text.resize(room);
            while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0)
                text.pop_back();  // not half a character
        }
        console_.err(std::string(rewind) + text);
        drawn_ = true;
    }
    last_ = key;
}

void Progress::clear() {
    if (drawn_) console_.err(rewind);
    drawn_ = false;
    last_.clear();
}

std::chrono::seconds Progress::poll_max() const {
    return console_.err_terminal && !quiet_ ? 1s : 30s;
}

}  // namespace genspool::cli
