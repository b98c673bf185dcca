#include "daemon/results.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "daemon/batch_notes.hpp"
#include "daemon/log.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/result_line.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::string_view cursor_name = "results";
constexpr std::size_t batches_a_read = 64;
constexpr std::size_t refused_a_read = 256;

// Events that say nothing to any file are passed over in memory; retention wants to know of it only
// now and then.
constexpr std::uint64_t silent_events_max = 4'096;

}  // namespace

ResultWriter::ResultWriter(asio::any_io_executor executor, queue::Queue& queue,
                           workers::Clock& clock, workers::FilePool& pool, ResultsOptions options)
    : queue_(queue),
      clock_(clock),
      pool_(pool),
      options_(std::move(options)),
      folder_(options_.dir),
      bell_(executor),
      ended_(executor, asio::steady_timer::time_point::max()) {}

void ResultWriter::start(workers::TaskGroup& group) {
    running_ = true;
    group.spawn("results", work());
}

void ResultWriter::on_events(proto::EventSeq last) {
    if (last <= last_) return;
    last_ = last;
    bell_.ring();
}

asio::awaitable<void> ResultWriter::stop() {
    stop_ = true;
    bell_.ring();
    while (running_)
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> ResultWriter::rest() {
    resting_ = true;
    bell_.ring();
    while (running_ && !rests_)
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void ResultWriter::go_on() {
    resting_ = false;
    bell_.ring();
}

asio::awaitable<void> ResultWriter::work() {
    while (true) {
        const bool cancelled = co_await is_cancelled();
        if (stop_ || cancelled) break;
        rests_ = resting_;
        if (rests_) {
            ended_.cancel();
            co_await bell_.wait();
            continue;
        }
        bool failed = false;
        bool more = false;
        try {
            if (!recovered_) co_await recover();
            more = co_await step();
        } catch (const std::exception& error) {
            log(Level::error, "results_trouble", {{"error", error.what()}});
            failed = true;
        }
        if (failed) {
            co_await bell_.wait_until(clock_, clock_.now() + options_.retry);
        } else if (!more) {
            co_await bell_.wait();
            const bool gather = !stop_ && options_.gather.count() > 0;
            if (gather) co_await clock_.sleep_until(clock_.now() + options_.gather);
        }
    }
    running_ = false;
    ended_.cancel();
}

asio::awaitable<void> ResultWriter::recover() {
    open_.clear();
    ending_.clear();
    proto::BatchSeq before;
    std::vector<queue::BatchView> page;
    do {
        std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
            cursor_ = reader.cursor(cursor_name);
            page = reader.list_batches(before, batches_a_read, false);
        };
        co_await look(queue_, std::move(read));
        for (queue::BatchView& batch : page) {
            before = batch.seq;
            co_await restore(std::move(batch));
        }
    } while (!page.empty());
    // A cursor that stands is one that retention waits for.
    Changes none;
    co_await commit(cursor_, none);
    recovered_ = true;
}

asio::awaitable<void> ResultWriter::restore(queue::BatchView batch) {
    const auto noted = results_note(batch);
    // Without a note its seal is still to be read in the log.
    if (!noted) co_return;
    if (noted->phase == ResultsNote::Phase::done) {
        if (!note_of(batch, queue::keep_note).empty()) co_await let_go(batch.seq);
        co_return;
    }
    Files files;
    files.name = results_name(batch);
    files.note = *noted;
    auto restore_files = [this, &files] {
        folder_.restore(files.name, files.note);
        return true;
    };
    co_await workers::on_pool(pool_, restore_files);
    files.note.phase = ResultsNote::Phase::open;
    open_[batch.seq] = std::move(files);
    if (has_ended(batch)) ending_.insert(batch.seq);
}

/// True: it did something, and there may be more.
asio::awaitable<bool> ResultWriter::step() {
    const ResultsGroup group = co_await read_group();
    Changes changes = plan(group);
    for (auto& [batch, change] : changes) {
        if (change.refused) co_await write_refused(batch, change);
    }
    if (!changes.empty()) co_await write(changes);
    const bool due = group.upto.value - committed_.value >= silent_events_max;
    if (due || !changes.empty()) co_await commit(group.upto, changes);
    cursor_ = group.upto;
    for (auto& [batch, change] : changes)
        open_[batch] = std::move(change.files);
    for (const auto& [batch, touched] : group.batches) {
        if (has_ended(touched.view)) ending_.insert(batch);
    }
    // Only views that know of no later event tell whether a batch has really ended.
    if (!group.at_end) co_return true;
    const std::set<proto::BatchSeq> ending = ending_;
    for (const proto::BatchSeq batch : ending) {
        const auto touched = group.batches.find(batch);
        if (touched != group.batches.end() && has_ended(touched->second.view)) {
            queue::BatchView view = touched->second.view;
            co_await finish(std::move(view));
        }
        ending_.erase(batch);
    }
    co_return group.events > 0;
}

asio::awaitable<ResultsGroup> ResultWriter::read_group() {
    ResultsGroup group;
    std::function<void(const queue::Reader&)> read = [this, &group](const queue::Reader& reader) {
        group = read_results_group(reader, cursor_, options_.limits, ending_);
    };
    co_await look(queue_, std::move(read));
    co_return group;
}

ResultWriter::Changes ResultWriter::plan(const ResultsGroup& group) const {
    Changes changes;
    for (const auto& [batch, touched] : group.batches) {
        Change change;
        const auto open = open_.find(batch);
        const auto noted = results_note(touched.view);
        if (open != open_.end()) {
            change.files = open->second;
        } else {
            change.files.name = results_name(touched.view);
            change.files.note = noted.value_or(ResultsNote{});
            change.refused = !noted && touched.view.refused > 0;
        }
        change.noted = !noted || touched.again;
        change.files.note.again |= touched.again;
        changes.emplace(batch, std::move(change));
    }
    for (const ResultsGroup::Ended& ended : group.ended) {
        const auto found = changes.find(ended.job.record.batch);
        if (found == changes.end()) continue;
        ResultLines& lines = found->second.lines;
        const bool good = ended.job.record.state == proto::State::succeeded;
        (good ? lines.results : lines.errors) +=
            result_line(ended.job, ended.end, options_.artifact_root);
    }
    std::erase_if(changes, [](const auto& one) {
        return !one.second.noted && one.second.lines.bytes() == 0;
    });
    return changes;
}

/// The refused lines open the errors file. Nothing of it counts before the group's commit.
asio::awaitable<void> ResultWriter::write_refused(proto::BatchSeq batch, Change& change) {
    std::uint64_t after = 0;
    std::vector<queue::RefusedLine> page;
    while (true) {
        std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
            page = reader.refused_lines(batch, after, refused_a_read);
        };
        co_await look(queue_, std::move(read));
        if (page.empty()) co_return;
        after = page.back().line;
        auto append = [this, &page, &change] {
            ResultLines lines;
            for (const queue::RefusedLine& line : page)
                lines.errors += refused_result_line(line);
            return folder_.append(change.files.name, change.files.note, lines);
        };
        const ResultsNote longer = co_await workers::on_pool(pool_, append);
        change.files.note = longer;
    }
}

asio::awaitable<void> ResultWriter::write(Changes& changes) {
    auto write_all = [this, &changes] {
        for (auto& [batch, change] : changes) {
            Files& files = change.files;
            using Phase = ResultsNote::Phase;
            // Also where it was written and never noted.
            if (files.note.again) folder_.remove_done(files.name);
            if (files.note.phase == Phase::renaming) folder_.rename_clean(files.name, files.note);
            files.note.phase = Phase::open;
            files.note = folder_.append(files.name, files.note, change.lines);
        }
        return true;
    };
    co_await workers::on_pool(pool_, write_all);
    GENSPOOL_KILL_POINT("results.synced");
}

asio::awaitable<void> ResultWriter::commit(proto::EventSeq upto, Changes& changes) {
    queue::Consume consume;
    consume.cursor = cursor_name;
    consume.upto = upto;
    for (const auto& [batch, change] : changes) {
        queue::NoteBatch note;
        note.batch = batch;
        note.name = note_results;
        note.value = show_results_note(change.files.note);
        consume.notes.push_back(std::move(note));
        // Until NAME.done is written.
        consume.notes.push_back({batch, std::string(queue::keep_note), "results"});
    }
    const queue::Answer answer = co_await ask(queue_, std::move(consume));
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already) {
        throw std::runtime_error("the cursor was not taken: " + answer.detail);
    }
    committed_ = upto;
    GENSPOOL_KILL_POINT("results.committed");
}

/// All its jobs have ended: clean files if some did so more than once, then NAME.done.
asio::awaitable<void> ResultWriter::finish(queue::BatchView batch) {
    const auto open = open_.find(batch.seq);
    if (open == open_.end()) co_return;
    Files& files = open->second;
    if (files.note.again) {
        auto rewrite = [this, &files] { return folder_.rewrite(files.name, files.note); };
        const ResultsNote clean = co_await workers::on_pool(pool_, rewrite);
        GENSPOOL_KILL_POINT("results.rewritten");
        co_await note(batch.seq, clean);
        files.note = clean;
        GENSPOOL_KILL_POINT("results.renaming");
    }
    if (files.note.phase == ResultsNote::Phase::renaming) {
        auto rename = [this, &files] {
            folder_.rename_clean(files.name, files.note);
            return true;
        };
        co_await workers::on_pool(pool_, rename);
    }
    auto write_done = [this, &files, &batch] {
        folder_.write_done(files.name, results_summary(batch));
        return true;
    };
    co_await workers::on_pool(pool_, write_done);
    GENSPOOL_KILL_POINT("results.done_written");
    ResultsNote done = files.note;
    done.phase = ResultsNote::Phase::done;
    co_await note(batch.seq, done);
    GENSPOOL_KILL_POINT("results.done_noted");
    co_await let_go(batch.seq);
    log(Level::info, "results_done", {{"batch", batch.id.text()}, {"name", files.name}});
    open_.erase(open);
}

/// Retention may have it now.
asio::awaitable<void> ResultWriter::let_go(proto::BatchSeq batch) {
    queue::NoteBatch keep;
    keep.batch = batch;
    keep.name = queue::keep_note;
    co_await take_note(std::move(keep));
}

asio::awaitable<void> ResultWriter::note(proto::BatchSeq batch, ResultsNote value) {
    queue::NoteBatch note;
    note.batch = batch;
    note.name = note_results;
    note.value = show_results_note(value);
    co_await take_note(std::move(note));
}

asio::awaitable<void> ResultWriter::take_note(queue::NoteBatch note) {
    const queue::Answer answer = co_await ask(queue_, std::move(note));
    // A batch that retention took away meanwhile needs no note.
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already &&
        answer.errc != queue::Errc::not_found) {
        throw std::runtime_error("a note was not taken: " + answer.detail);
    }
}

}  // namespace genspool::daemon
