#include "daemon/import_table.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/request_place.hpp"

namespace genspool::daemon {

namespace json = boost::json;

namespace {

constexpr std::string_view label_prefix = "label.";
constexpr std::string_view job_prefix = "job.";

/// Fields of the job itself.
constexpr std::array<std::string_view, 3> job_columns{"kind", "custom_id", "output"};
/// Of the request: text, though it may look like a number. Elsewhere what looks like JSON is JSON.
constexpr std::array<std::string_view, 6> text_columns{"prompt", "text",  "lyrics",
                                                       "title",  "model", "voice_id"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::ranges::find(names, name) != names.end();
}

/// Puts a value where its column says. Why that cannot be; nullopt: it is done.
std::optional<std::string> place_value(json::object& job, std::string_view column,
                                       const std::string& value) {
    const json::string text(value);
    if (is_one_of(column, job_columns)) {
        job[column] = text;
    } else if (column.starts_with(label_prefix)) {
        json::value& labels = job["labels"];
        if (labels.is_null()) labels = json::object();
        labels.get_object()[column.substr(label_prefix.size())] = text;
    } else if (column.starts_with(job_prefix)) {
        job[column.substr(job_prefix.size())] = proto::parse_or_text(value);
    } else {
        const std::size_t dot = column.rfind('.');
        const std::string_view name =
            dot == std::string_view::npos ? column : column.substr(dot + 1);
        return proto::put_at(
            job["request"].get_object(), column,
            is_one_of(name, text_columns) ? json::value(text) : proto::parse_or_text(value));
    }
    return std::nullopt;
}

json::object empty_job() {
    return json::object{{"request", json::object()}};
}

/// What stands between the columns of a first row.
char separator_of(std::string_view head) {
    for (const char c : {',', ';', '\t'})
        if (head.find(c) != std::string_view::npos) return c;
    return ',';
}

}  // namespace

Row read_row(std::string_view row, char between) {
    Row read;
    std::size_t at = 0;
    while (true) {
        std::string value;
        if (at < row.size() && row[at] == '"') {
            for (++at; at < row.size(); ++at) {
                if (row[at] == '"' && (at + 1 == row.size() || row[at + 1] != '"')) break;
                if (row[at] == '"') ++at;
                value += row[at];
            }
            if (at == row.size()) {
                read.fault = "a quote is not closed";
                return read;
            }
            ++at;
            if (at < row.size() && row[at] != between) {
                read.fault = "text follows the closing quote of value " +
                             std::to_string(read.values.size() + 1);
                return read;
            }
        } else {
            const std::size_t end = std::min(row.find(between, at), row.size());
            value = row.substr(at, end - at);
            at = end;
        }
        read.values.push_back(std::move(value));
        if (at == row.size()) return read;
        ++at;
    }
}

std::string job_of_row(const std::vector<std::string>& columns,
                       const std::vector<std::string>& values, std::string& fault) {
    if (values.size() > columns.size()) {
        fault = "it has " + std::to_string(values.size()) + " values for " +
                std::to_string(columns.size()) + " columns";
        return {};
    }
    json::object job = empty_job();
    for (std::size_t n = 0; n < values.size(); ++n) {
        if (values[n].empty()) continue;
        if (const auto trouble = place_value(job, columns[n], values[n])) {
            fault = "column " + columns[n] + ": " + *trouble;
            return {};
        }
    }
    return json::serialize(job);
}

std::optional<Piece> TableSplitter::feed(std::string_view& bytes) {
    while (!bytes.empty() && !problem_) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (c == '\n') ++newlines_;
        if (c == '\n' && at_ != At::quoted) {
            if (auto piece = end_row()) return piece;
            continue;
        }
        step(c);
        if (row_.size() == bytes_max_) {
            too_long_ = true;
            row_.clear();
        }
        if (!too_long_) row_ += c;
    }
    return std::nullopt;
}

void TableSplitter::step(char c) {
    if (at_ == At::quoted) {
        if (c == '"') at_ = At::closed;
    } else if (c == '"' && at_ != At::plain) {
        at_ = At::quoted;  // it begins, or two of them stand for one
    } else {
        at_ = separates(c) ? At::start : At::plain;
    }
}

bool TableSplitter::separates(char c) const {
    if (columns_.empty()) return c == ',' || c == ';' || c == '\t';
    return c == between_;
}

std::optional<Piece> TableSplitter::finish() {
    std::optional<Piece> piece;
    if (!problem_) piece = end_row();
    if (!problem_ && columns_.empty()) problem_ = "there is no row of columns in it";
    return piece;
}

std::optional<Piece> TableSplitter::end_row() {
    std::string row = std::exchange(row_, {});
    Piece piece;
    piece.number = std::exchange(begun_at_, newlines_ + 1);
    piece.too_long = std::exchange(too_long_, false);
    at_ = At::start;
    if (row.ends_with('\r')) row.pop_back();
    if (trimmed(row).empty() && !piece.too_long) return std::nullopt;
    if (columns_.empty()) {
        if (piece.too_long) problem_ = "its first row is too long";
        if (!problem_) read_head(row);
        return std::nullopt;
    }
    if (piece.too_long) return piece;
    const Row read = read_row(row, between_);
    piece.fault = read.fault;
    if (piece.fault.empty()) piece.text = job_of_row(columns_, read.values, piece.fault);
    piece.too_long = piece.text.size() > bytes_max_;
    if (piece.too_long) piece.text.clear();
    return piece;
}

void TableSplitter::read_head(const std::string& row) {
    between_ = separator_of(row);
    const Row head = read_row(row, between_);
    if (!head.fault.empty()) {
        problem_ = "its first row: " + head.fault;
        return;
    }
    json::object job = empty_job();
    for (const std::string& given : head.values) {
        std::string column(trimmed(given));
        const std::string n = std::to_string(columns_.size() + 1);
        if (column.empty()) {
            problem_ = "column " + n + " has no name";
        } else if (std::ranges::find(columns_, column) != columns_.end()) {
            problem_ = "column " + n + ", " + column + ", stands there twice";
        } else if (const auto trouble = place_value(job, column, "0")) {
            problem_ = "column " + column + ": " + *trouble;
        }
        if (problem_) return;
        columns_.push_back(std::move(column));
    }
}

}  // namespace genspool::daemon
