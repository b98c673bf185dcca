#include "daemon/verify_results.hpp"

#include <boost/json/parse.hpp>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "daemon/result_line_key.hpp"
#include "daemon/results_group.hpp"
#include "daemon/results_note.hpp"
#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/notes.hpp"
#include "queue/rows.hpp"

namespace genspool::daemon {

namespace {

namespace json = boost::json;
namespace keys = queue::keys;
using Phase = ResultsNote::Phase;

constexpr std::string_view cursor_name = "results";
constexpr std::size_t json_depth_max = 256;

/// What the log says to the result files, up to where their writer had read it and beyond.
struct News {
    proto::EventSeq cursor;
    std::unordered_map<proto::JobSeq, proto::EventSeq> ends;  ///< the last that was read
    std::unordered_set<proto::JobSeq> later_jobs;             ///< with news that was not
    std::set<proto::BatchSeq> later_batches;
};

void each(const queue::Store& store, std::string_view first, std::string_view last,
          const std::function<void(std::string_view key, std::string_view value)>& row) {
    store.scan(first, last, [&](std::string_view key, std::string_view value) {
        row(key, value);
        return true;
    });
}

News read_news(const queue::Store& store, proto::EventSeq cursor) {
    News news;
    news.cursor = cursor;
    each(store, keys::family_begin(keys::event_family), keys::family_end(keys::event_family),
         [&](std::string_view, std::string_view value) {
             const auto event = queue::decode<queue::EventRecord>(value);
             const ResultsNews said = event ? results_news(*event) : ResultsNews::nothing;
             if (said == ResultsNews::nothing) return;
             if (event->seq > cursor) {
                 news.later_jobs.insert(event->job);
                 news.later_batches.insert(event->batch);
             } else if (said == ResultsNews::ends) {
                 news.ends[event->job] = event->seq;
             }
         });
    return news;
}

/// One batch's files.
class BatchCheck {
public:
    BatchCheck(const queue::Store& store, const workers::StateFiles& files, const News& news,
               const queue::BatchView& batch, const ResultsNote& note, ResultsVerdict& verdict)
        : store_(store),
          files_(files),
          news_(news),
          batch_(batch),
          note_(note),
          verdict_(verdict),
          base_("results/" + results_name(batch)) {}

    void run() {
        if (was_taken_away()) return;
        ++verdict_.batches;
        read(".jsonl", note_.results);
        read(".errors.jsonl", note_.errors);
        if (refused_ != batch_.refused)
            broken(base_ + ".errors.jsonl has " + std::to_string(refused_) + " of the " +
                   std::to_string(batch_.refused) + " refused lines of batch " + batch_.id.text());
        look_at_members();
        look_at_done();
    }

private:
    /// The lines of one job.
    struct Seen {
        proto::EventSeq end;  ///< the highest
        std::uint32_t lines = 0;
        bool twice = false;  ///< two of them are of one end
    };

    void broken(std::string sentence) { verdict_.broken.push_back(std::move(sentence)); }

    /// Which is allowed once it is done.
    bool was_taken_away() const {
        const auto missing = [this](const char* ending) {
            return files_.size(base_ + ending).error == std::errc::no_such_file_or_directory;
        };
        return note_.phase == Phase::done && missing(".done") && missing(".jsonl") &&
               missing(".errors.jsonl");
    }

    /// A renaming that was cut off is completed by the next start.
    std::string found_as(const std::string& path) const {
        const std::size_t slash = path.rfind('/') + 1;
        const std::string clean = path.substr(0, slash) + "." + path.substr(slash) + ".new";
        const bool waits = note_.phase == Phase::renaming && !files_.size(clean).error;
        return waits ? clean : path;
    }

    void read(const std::string& ending, std::uint64_t length) {
        if (length == 0) return;
        const std::string path = found_as(base_ + ending);
        const workers::StateFiles::Size size = files_.size(path);
        if (size.error)
            return broken(path + (size.error == std::errc::no_such_file_or_directory
                                      ? std::string(" is missing")
                                      : " cannot be read: " + size.error.message()));
        if (size.bytes < length)
            return broken(path + " has " + std::to_string(size.bytes) + " bytes, but " +
                          std::to_string(length) + " were written");
        std::string held;
        std::uint64_t left = length;  // what is beyond was never committed
        std::uint64_t number = 0;
        const std::error_code error = files_.read(path, [&](std::string_view piece) {
            piece = piece.substr(0, left);
            left -= piece.size();
            for (std::size_t end = piece.find('\n'); end != std::string_view::npos;
                 end = piece.find('\n')) {
                held += piece.substr(0, end + 1);
                look_at_line(path, ++number, held);
                held.clear();
                piece.remove_prefix(end + 1);
            }
            held += piece;
        });
        if (error) broken(path + " cannot be read: " + error.message());
        if (!held.empty()) broken(path + " ends in the middle of a line");
    }

    void look_at_line(const std::string& path, std::uint64_t number, const std::string& line) {
        ++verdict_.lines;
        const std::string place = "line " + std::to_string(number) + " of " + path;
        json::parse_options options;
        options.max_depth = json_depth_max;
        json::error_code wrong;
        json::parse(line, wrong, {}, options);
        if (wrong) return broken(place + " is no JSON");
        const auto key = result_line_key(line);
        if (!key) return broken(place + " is no result line");
        if (!key->job) {
            ++refused_;
            return;
        }
        // As result_line() writes it: {"id":"…
        const std::string id = line.substr(7, 26);
        if (is_foreign(key->job, id))
            broken(place + " is of job " + id + ", which is not of batch " + batch_.id.text());
        if (key->end > news_.cursor)
            broken(place + " speaks of event " + std::to_string(key->end.value) +
                   ", which its writer had not read");
        Seen& seen = seen_[key->job];
        if (seen.lines > 0 && seen.end == key->end) seen.twice = true;
        seen.end = std::max(seen.end, key->end);
        ++seen.lines;
        if (seen.twice || (seen.lines > 1 && !note_.again))
            broken(place + " is a second line of job " + id + ", which has ended once");
    }

    bool is_foreign(proto::JobSeq job, const std::string& id) const {
        if (job < batch_.first_job || job > batch_.last_job) return true;
        const auto bytes = store_.get(keys::record(job));
        const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
        // A job that is gone keeps its line.
        return record && (record->batch != batch_.seq || record->id.text() != id);
    }

    void look_at_members() {
        const proto::BatchSeq next{batch_.seq.value + 1};
        each(store_, keys::member(batch_.seq, {0}), keys::member(next, {0}),
             [this](std::string_view key, std::string_view) {
                 if (key.size() != 17) return;
                 const auto bytes = store_.get(keys::record({keys::get_u64(key, 9)}));
                 const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
                 if (record && proto::is_terminal(record->state) &&
                     !news_.later_jobs.contains(record->seq)) {
                     look_at_member(*record);
                 }
             });
    }

    void look_at_member(const proto::JobRecord& record) {
        const auto seen = seen_.find(record.seq);
        const std::string job = "job " + record.id.text();
        if (seen == seen_.end())
            return broken(job + " has ended, but has no line in " + base_ + ".jsonl or " + base_ +
                          ".errors.jsonl");
        const auto end = news_.ends.find(record.seq);
        if (end != news_.ends.end() && seen->second.end != end->second)
            broken(job + " has ended with event " + std::to_string(end->second.value) +
                   ", but its last line in " + base_ + ".jsonl is of event " +
                   std::to_string(seen->second.end.value));
    }

    void look_at_done() {
        if (news_.later_batches.contains(batch_.seq)) return;
        const std::string path = base_ + ".done";
        const bool there = !files_.size(path).error;
        if (note_.phase == Phase::done && !there) broken(path + " is missing");
        if (there && !has_ended(batch_))
            broken(path + " says that all jobs of batch " + batch_.id.text() +
                   " have ended, but some have not");
    }

    const queue::Store& store_;
    const workers::StateFiles& files_;
    const News& news_;
    const queue::BatchView& batch_;
    const ResultsNote& note_;
    ResultsVerdict& verdict_;
    std::string base_;
    std::uint64_t refused_ = 0;
    std::unordered_map<proto::JobSeq, Seen> seen_;
};

}  // namespace

ResultsVerdict verify_results(const queue::Store& store, const workers::StateFiles& files) {
    ResultsVerdict verdict;
    const auto cursor = store.get(keys::cursor(cursor_name));
    if (!cursor || cursor->size() < 8) return verdict;  // nobody has written results here
    const News news = read_news(store, {keys::get_u64(*cursor, 0)});
    each(store, keys::family_begin(keys::batch_family), keys::family_end(keys::batch_family),
         [&](std::string_view, std::string_view value) {
             auto batch = queue::decode<queue::BatchView>(value);
             if (!batch || !batch->sealed) return;
             batch->notes = queue::read_notes(store, batch->seq);
             const auto note = results_note(*batch);
             if (note) {
                 BatchCheck(store, files, news, *batch, *note, verdict).run();
             } else if (!news.later_batches.contains(batch->seq)) {
                 verdict.broken.push_back("batch " + batch->id.text() +
                                          " was sealed, but its results were never begun");
             }
         });
    return verdict;
}

}  // namespace genspool::daemon
