#include "cli/progress.hpp"

#include <algorithm>

#include "cli/bar.hpp"
#include "cli/batch_text.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/text_width.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t id_characters = 15;
constexpr std::size_t bar_cells = 20;
constexpr int columns_otherwise = 80;
constexpr std::string_view rewind = "\r\x1b[K";

/// So many ends are seen, and so much time has passed, before they tell how fast it goes.
constexpr std::uint64_t ends_min = 3;
constexpr auto looked_min = 5s;

/// "  ████░░░░  41 %", or nothing.
std::string drawn(std::optional<double> share, const std::string& percent) {
    if (!share) return {};
    return "  " + bar(share, bar_cells) + "  " + percent;
}

void add(std::string& line, const std::string& text) {
    if (!text.empty()) line += "  " + text;
}

}  // namespace

Progress::Progress(const Console& console, bool quiet) : console_(console), quiet_(quiet) {}

Progress::~Progress() {
    clear();
}

bool Progress::in_place() const {
    return console_.err_terminal && console_.redraws;
}

void Progress::job(const boost::json::value& job) {
    const std::string state = text_at(job, "state");
    const std::string id = text_at(job, "id").substr(0, id_characters);
    const std::string attempt = text_at(job, "attempt");
    std::string line = id + "  " + state;
    if (count_at(job, "attempt") > 0) line += "  attempt " + attempt;
    const std::string percent = percent_done(job);
    const std::string why = printable(remark(job));
    if (!in_place()) {
        add(line, percent);
        add(line, why);
        return tell(id + state + attempt, line);
    }
    line += drawn(share_done(job), percent);
    const std::string end = due(job, wall_now());
    if (!end.empty()) add(line, "done " + end);
    add(line, passed());
    add(line, why);
    draw(line);
}

void Progress::batch(const boost::json::value& batch) {
    const std::string id = text_at(batch, "id").substr(0, id_characters);
    const std::string states = batch_states(batch);
    if (!in_place()) return tell(id + states, id + "  " + states);
    const BatchShare share = batch_share(batch);
    if (!first_ended_) first_ended_ = share.ended;
    std::string line = id;
    if (share.all > 0) {
        const double done = static_cast<double>(share.ended) / static_cast<double>(share.all);
        line += drawn(done, std::to_string(share.ended) + " of " + std::to_string(share.all));
    }
    add(line, time_left(share));
    add(line, passed());
    add(line, states);
    draw(line);
}

/// As fast as they have ended since we look; nothing before that can be told.
std::string Progress::time_left(const BatchShare& share) const {
    const std::uint64_t seen = share.ended - std::min(share.ended, *first_ended_);
    const auto looked = std::chrono::steady_clock::now() - began_;
    if (seen < ends_min || looked < looked_min || share.ended >= share.all) return {};
    const std::chrono::duration<double> each = looked / static_cast<double>(seen);
    const auto left = each * static_cast<double>(share.all - share.ended);
    return "about " + span_text(std::chrono::ceil<std::chrono::seconds>(left)) + " left";
}

std::string Progress::passed() const {
    return span_text(
        std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - began_));
}

void Progress::tell(const std::string& key, const std::string& line) {
    if (!quiet_ && key != last_) console_.err_line(line);
    last_ = key;
}

void Progress::draw(const std::string& line) {
    if (quiet_) return;
    const int columns = console_.size().columns;
    const auto room = static_cast<std::size_t>(columns > 1 ? columns : columns_otherwise) - 1;
    console_.err(std::string(rewind) + cut_to(line, room));
    drawn_ = true;
}

void Progress::clear() {
    if (drawn_) console_.err(rewind);
    drawn_ = false;
    last_.clear();
    began_ = std::chrono::steady_clock::now();
    first_ended_.reset();
}

std::chrono::seconds Progress::poll_max() const {
    return in_place() && !quiet_ ? 1s : 30s;
}

}  // namespace genspool::cli
