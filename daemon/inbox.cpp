#include "daemon/inbox.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "daemon/inbox_names.hpp"
#include "daemon/inbox_recovery.hpp"
#include "daemon/log.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// Its name in the log.
std::string_view event_of(ImportEnd end) {
    switch (end) {
        case ImportEnd::accepted:
            return "inbox_accepted";
        case ImportEnd::rejected:
            return "inbox_rejected";
        case ImportEnd::changed:
            return "inbox_changed";
        case ImportEnd::later:
            return "inbox_later";
        case ImportEnd::waits:
            return "inbox_waits";
        case ImportEnd::gone:
            return "inbox_gone";
    }
    return "inbox";
}

}  // namespace

Inbox::Inbox(asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
             workers::FilePool& pool, const Admission& admission, workers::BlobStore& blobs,
             InboxOptions options)
    : queue_(queue),
      clock_(clock),
      pool_(pool),
      options_(std::move(options)),
      folders_(options_.state_dir, options_.dir),
      parts_{queue_, clock_, pool_, admission, folders_, blobs, options_.limits, options_.speech},
      watch_(executor),
      bell_(executor),
      ended_(executor, asio::steady_timer::time_point::max()) {
    memory_.dedupe_content = options_.dedupe_content;
}

void Inbox::start(workers::TaskGroup& group) {
    tasks_ = 1;
    // Watching begins before the first scan, so that nothing falls between the two.
    const bool watched = watch_.watch(folders_.inbox_path());
    if (watched) {
        ++tasks_;
        group.spawn("inbox watch", hear());
    } else {
        log(Level::warn, "inbox_unwatched", {{"dir", folders_.inbox_path()}});
    }
    group.spawn("inbox", work());
}

asio::awaitable<void> Inbox::stop() {
    stop_ = true;
    watch_.close();
    bell_.ring();
    while (tasks_ > 0)
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> Inbox::hear() {
    while (true) {
        const Sightings sightings = co_await watch_.next();
        if (sightings.ended) break;
        for (const Sighting& sighting : sightings.files) {
            if (name_kind(sighting.name) == NameKind::ignored) continue;
            Candidate& candidate = candidates_[sighting.name];
            candidate.look_at = {};
            candidate.moved_in = sighting.moved_in;
            if (candidate.moved_in) candidate.seen = {};
        }
        if (sightings.look_everywhere) scan_at_ = {};
        bell_.ring();
    }
    task_ended();
}

asio::awaitable<void> Inbox::work() {
    while (true) {
        const bool cancelled = co_await is_cancelled();
        if (stop_ || cancelled) break;
        bool failed = false;
        try {
            co_await turn();
        } catch (const std::exception& error) {
            log(Level::error, "inbox_trouble", {{"error", error.what()}});
            failed = true;
        }
        if (failed) pause_until_ = clock_.now() + options_.retry;
    }
    task_ended();
}

asio::awaitable<void> Inbox::turn() {
    const proto::Instant now = clock_.now();
    if (now < pause_until_) {
        co_await bell_.wait_until(clock_, pause_until_);
        co_return;
    }
    if (!recovered_) {
        co_await recover_imports(parts_, memory_);
        recovered_ = true;
    }
    if (now >= scan_at_) co_await scan();
    const auto ready = std::find_if(candidates_.begin(), candidates_.end(),
                                    [now](const auto& one) { return one.second.look_at <= now; });
    if (ready == candidates_.end()) {
        co_await bell_.wait_until(clock_, std::min(scan_at_, next_look()));
        co_return;
    }
    // Taken out of the map, so that what is heard of the name meanwhile stands by itself.
    auto entry = candidates_.extract(ready);
    const std::string name = std::move(entry.key());
    Candidate candidate = entry.mapped();
    bool failed = false;
    try {
        co_await take(name, candidate);
    } catch (const std::exception& error) {
        log(Level::error, "inbox_trouble", {{"file", name}, {"error", error.what()}});
        failed = true;
    }
    if (failed) {
        // The others go on meanwhile. If it is another by then, its half import is dropped.
        recovered_ = false;
        candidate.look_at = clock_.now() + options_.retry;
        put_back(name, candidate);
    }
}

asio::awaitable<void> Inbox::scan() {
    auto list = [this] { return folders_.names(); };
    const std::vector<std::string> names = co_await workers::on_pool(pool_, list);
    for (const std::string& name : names) {
        Candidate& candidate = candidates_[name];
        if (candidate.look_at == proto::never) candidate.look_at = {};
    }
    scan_at_ = clock_.now() + options_.rescan;
}

asio::awaitable<void> Inbox::take(std::string name, Candidate candidate) {
    auto see = [this, &name] { return look(name); };
    const Look found = co_await workers::on_pool(pool_, see);
    if (!found.seen || found.seen->form == FileForm::directory) co_return;
    if (found.seen->form == FileForm::special) {
        co_await reject(std::move(name), found.seen->identity,
                        "unreadable: it is no regular file\n");
        co_return;
    }
    if (!is_complete(candidate, found)) {
        candidate.look_at = settled_at(candidate, found.seen->identity);
        // A writer's end is heard of, or seen by the next scan.
        if (found.written) candidate.look_at = proto::never;
        if (candidate.look_at > clock_.now()) {
            put_back(name, candidate);
            co_return;
        }
    }
    const NameKind kind = name_kind(name);
    const auto problem = name_problem(name);
    if (problem) {
        co_await reject(std::move(name), found.seen->identity, "invalid: " + *problem + "\n");
    } else if (kind == NameKind::txt && parts_.speech.empty()) {
        co_await reject(std::move(name), found.seen->identity,
                        "not_configured: a *.txt is spoken as [inbox.speech] of the configuration "
                        "says, and there is none\n");
    } else if (kind == NameKind::other) {
        co_await reject(std::move(name), found.seen->identity,
                        "invalid: only *.jsonl, *.json, *.csv and *.txt are taken; files that jobs "
                        "name lie in a directory of the watch folder\n");
    } else {
        co_await import(std::move(name));
    }
}

asio::awaitable<void> Inbox::import(std::string name) {
    Import import(parts_, memory_, name);
    const ImportOutcome outcome = co_await import.run(stop_);
    const Level level = outcome.end == ImportEnd::waits ? Level::warn : Level::info;
    log(level, event_of(outcome.end),
        {{"file", name}, {"batch", outcome.batch}, {"detail", outcome.why}});
    Candidate again;
    if (outcome.end == ImportEnd::later || outcome.end == ImportEnd::waits) {
        const proto::Instant now = clock_.now();
        if (outcome.end == ImportEnd::later) {
            pause_until_ = now + options_.retry;
        } else {
            again.look_at = now + std::min(options_.retry, 5 * options_.settle);
        }
        // If the file is another by then, its half import is dropped as after a crash.
        recovered_ = false;
        // It was complete when it was begun, and is as long as it is that file.
        again.moved_in = true;
        again.seen = import.identity();
        put_back(name, again);
    } else if (outcome.end == ImportEnd::changed) {
        put_back(name, again);
    }
}

asio::awaitable<void> Inbox::reject(std::string name, FileIdentity judged, std::string why) {
    auto move = [this, &name, &judged, &why] { return folders_.reject(name, judged, why); };
    const bool moved = co_await workers::on_pool(pool_, move);
    if (!moved) {
        put_back(name, {});
        co_return;
    }
    why.pop_back();
    log(Level::warn, "inbox_rejected", {{"file", name}, {"detail", why}});
}

/// Who moves a file in has written all of it, unless he goes on, or it is another by now.
bool Inbox::is_complete(const Candidate& candidate, const Look& found) {
    const bool same = candidate.seen == FileIdentity{} || candidate.seen == found.seen->identity;
    return candidate.moved_in && same && !found.written;
}

Inbox::Look Inbox::look(const std::string& name) const {
    Look found;
    found.seen = folders_.look(name);
    if (!found.seen || found.seen->form != FileForm::regular) return found;
    // One that cannot be opened is for the import to reject.
    const FileOpened opened = folders_.open(name);
    found.written = !opened.error && InboxFolders::has_writer(opened.file.get());
    return found;
}

proto::Instant Inbox::settled_at(Candidate& candidate, const FileIdentity& identity) const {
    if (candidate.seen != identity) {
        candidate.seen = identity;
        candidate.seen_at = clock_.now();
    }
    // Its own clock may be ahead of ours; then it counts from when we saw it so.
    return std::min(identity.changed_at(), candidate.seen_at) + options_.settle;
}

void Inbox::put_back(const std::string& name, Candidate candidate) {
    const auto [entry, alone] = candidates_.emplace(name, candidate);
    if (alone || entry->second.moved_in) return;
    entry->second.seen = candidate.seen;
    entry->second.seen_at = candidate.seen_at;
}

proto::Instant Inbox::next_look() const {
    proto::Instant next = proto::never;
    for (const auto& [name, candidate] : candidates_)
        next = std::min(next, candidate.look_at);
    return next;
}

void Inbox::task_ended() {
    if (--tasks_ == 0) ended_.cancel();
}

}  // namespace genspool::daemon
