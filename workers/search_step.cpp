#include "workers/search_step.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "queue/search.hpp"
#include "workers/on_cpu.hpp"
#include "workers/poll_times.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"
#include "workers/upstream_clock.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// More than an account buys in the days that a list goes back.
constexpr int pages_max = 200;

void merge(proto::Listed& purchase, proto::Listed& entry) {
    entry.others.push_back(std::move(entry.task));
    for (std::string& task : entry.others) {
        const bool known = task == purchase.task ||
                           std::find(purchase.others.begin(), purchase.others.end(), task) !=
                               purchase.others.end();
        if (!known) purchase.others.push_back(std::move(task));
    }
    if (!purchase.made_at) purchase.made_at = entry.made_at;
    if (purchase.listed_as.empty()) purchase.listed_as = std::move(entry.listed_as);
}

bool has_one_of(const proto::Listed& purchase, const std::set<std::string>& tasks) {
    return tasks.contains(purchase.task) ||
           std::any_of(purchase.others.begin(), purchase.others.end(),
                       [&](const std::string& task) { return tasks.contains(task); });
}

}  // namespace

asio::awaitable<void> SearchStep::run() {
    codec_ = tools_.registry.codec(lease_.spec().op);
    found_.begun = tools_.clock.now();
    Page page = Page::more;
    for (int read_so_far = 0; page == Page::more && read_so_far < pages_max; ++read_so_far)
        page = co_await read();
    if (cut_short_) {
        lease_.abandon();
        co_return;
    }
    queue::Report report;
    if (page == Page::none) {
        report = queue::Unchanged{search_at(), {}};
    } else {
        join();
        found_.whole = page == Page::last && !partial_;
        found_.listed = seen_.size();
        found_.search_at = search_at();
        found_.poll_at = tools_.clock.now();
        report = std::move(found_);
    }
    co_await lease_.finish(std::move(report));
}

asio::awaitable<SearchStep::Page> SearchStep::read() {
    const proto::Provider* provider = tools_.registry.provider(lease_.spec().provider);
    const Account* account = tools_.accounts->find(lease_.record().account);
    if (!codec_ || !provider || !account) co_return Page::none;
    HttpCall call = prepare(*provider, *account);
    HttpReply reply = co_await tools_.http.call(std::move(call));
    cut_short_ = reply.error == HttpError::cancelled;
    if (reply.progress != HttpProgress::complete) co_return Page::none;
    const proto::Reply plain = to_reply(std::move(reply));
    found_.clock_ahead = clock_ahead(plain, tools_.clock.now());
    co_await note_clock(tools_, lease_.record().account, found_.clock_ahead);
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    proto::ListOutcome outcome = codec_->on_list(next_, plain);
    auto* page = std::get_if<proto::ListPage>(&outcome);
    if (!page) co_return Page::none;
    const bool enough = reaches_back(page->entries);
    take(std::move(*page));
    if (enough && !changed_) co_return Page::last;
    co_return next_.empty() ? last_page() : Page::more;
}

/// Where the pages are counted, an entry that goes away between two of them takes another, which
/// slips to the page before, out of sight; what is new shows some twice. So all that was there at
/// first must have been seen. A list that only grows moves entries towards the pages that are still
/// to come, so its end is reached with all that it had when it was begun, however busy the account:
/// what came since is not promised, and the queue judges by `begun`.
SearchStep::Page SearchStep::last_page() const {
    return seen_.size() >= total_.value_or(0) ? Page::last : Page::none;
}

HttpCall SearchStep::prepare(const proto::Provider& provider, const Account& account) const {
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    return upstream_call(provider, account, codec_->list(next_));
}

void SearchStep::take(proto::ListPage page) {
    if (seen_.empty()) total_ = page.total;
    changed_ = changed_ || page.total != total_;
    partial_ = partial_ || page.partial;
    next_ = std::move(page.next);
    const std::string reference = proto::reference_of(lease_.record());
    for (proto::Listed& entry : page.entries) {
        seen_.insert(entry.task);
        if (!entry.reference.empty())
            (entry.reference == reference ? own_ : anothers_).insert(entry.task);
        const bool may_be = entry.listed_as.empty() || codec_->info().lists_loosely ||
                            entry.listed_as == lease_.record().listed_as;
        if (may_be || own_.contains(entry.task)) entries_.push_back(std::move(entry));
    }
}

/// One entry for each purchase, however many tasks it came to and wherever each of them stands.
void SearchStep::join() {
    std::map<std::string, std::string> together;  // by task: another page may tell it
    for (const proto::Listed& entry : entries_)
        if (!entry.together.empty()) together[entry.task] = entry.together;
    std::vector<proto::Listed> purchases;
    std::map<std::string, std::size_t> places;
    for (proto::Listed& entry : entries_) {
        const auto known = together.find(entry.task);
        const std::string name = known == together.end() ? "/" + entry.task : known->second;
        const auto [place, fresh] = places.try_emplace(name, purchases.size());
        if (fresh) {
            purchases.push_back(std::move(entry));
        } else {
            merge(purchases[place->second], entry);
        }
    }
    for (proto::Listed& purchase : purchases) {
        if (has_one_of(purchase, own_) && found_.own) {
            merge(*found_.own, purchase);
        } else if (has_one_of(purchase, own_)) {
            found_.own = std::move(purchase);
        } else if (!has_one_of(purchase, anothers_)) {
            found_.alike.push_back(std::move(purchase));
        }
    }
}

/// Whether nothing of the send's time can follow. No document says that the list is sorted, so it
/// is believed only as far as it was seen to be.
bool SearchStep::reaches_back(const std::vector<proto::Listed>& entries) {
    for (const proto::Listed& entry : entries) {
        const proto::Instant made_at = entry.made_at.value_or(oldest_);
        sorted_ = sorted_ && made_at <= oldest_;
        oldest_ = std::min(oldest_, made_at);
    }
    return sorted_ && oldest_ < lease_.record().sent_at - queue::search_horizon;
}

proto::Instant SearchStep::search_at() {
    const bool held = lease_.record().state == proto::State::held;
    return next_search(lease_.record().sent_at, held, tools_.clock.now(), tools_.random);
}

}  // namespace genspool::workers
