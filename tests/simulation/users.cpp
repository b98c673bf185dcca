#include "tests/simulation/users.hpp"

#include <algorithm>
#include <utility>

#include "proto/references.hpp"

namespace genspool::simulation {

using proto::State;
using queue::Errc;

namespace {

constexpr std::string_view principal = "uid:1000";

queue::Actor actor() {
    return {std::string(principal), false};
}

std::string place_of(const daemon::Config& config, const std::string& name) {
    for (const daemon::AccountConfig& account : config.accounts) {
        if (account.name == name) return place_at(account);
    }
    return {};
}

queue::Actor admin() {
    return {"uid:0", true};
}

}  // namespace

Users::Users(const Scenario& scenario, Oracle& oracle, std::uint64_t seed)
    : scenario_(scenario), oracle_(oracle), dice_(seed), config_(scenario.config) {
    book_.slow_tasks = scenario.slow_tasks;
    book_.h3_percent = scenario.h3_percent;
    for (const daemon::AccountConfig& account : config_.accounts) {
        const bool linked = account.key_has_accounts;
        (linked ? book_.linked : book_.accounts).push_back(account.name);
    }
}

void Users::act(Process& process, proto::Instant now) {
    const std::uint64_t wish = dice_.below(1'000);
    if (dice_.chance(3)) return hand_in_file(process);
    if (wish < 580 && oracle_.open() >= scenario_.backlog_max) return;
    if (wish < 420) return hand_in(process, now);
    if (wish < 480) return repeat(process, now);
    if (wish < 540) return hand_in_batch(process, now);
    if (wish < 580) return drop_file(process);
    if (wish < scenario_.wishes_of_one) return change_mind(process);
    if (wish < 900) return change_batch(process);
    if (wish < 950) return pause_or_resume(process);
    if (wish < 970) return reconfigure(process);
    if (wish < 975) return set_batch_budget(process);
    if (const auto job = some_job()) patch(process, *job);
}

void Users::hand_in(Process& process, proto::Instant now) {
    const std::string ref = next_ref();
    std::string key;
    look_for_earlier();
    if (dice_.chance(25)) key = "key " + std::to_string(++keys_made_);
    submit(process, write_order(book_, ref, {}, dice_), ref, key, now);
}

/// One of a few pictures, recordings or batches, so that most come again and again.
void Users::hand_in_file(Process& process) {
    const std::uint64_t sort = dice_.below(100);
    const std::string number = std::to_string(dice_.below(12));
    std::vector<std::string>* names = &book_.files;
    std::string bytes = "\x89PNG\r\n\x1A\n of a wave, number " + number;
    std::string said;
    if (sort < 30) {
        names = &book_.recordings;
        bytes = "ID3 of a voice, number " + number;
    } else if (sort < 60) {
        names = &book_.chats;
        bytes = write_chats(std::to_string(dice_.below(3)));
        said = "application/x-ndjson";
    }
    hand_in_bytes(process, bytes, said, *names, 1);
}

/// Where it fails it is tried again at once, as everybody does.
void Users::hand_in_bytes(Process& process, const std::string& bytes, const std::string& said,
                          std::vector<std::string>& names, int more_tries) {
    const proto::Instant before = process.queue().core().now();
    process.hand_in(bytes, said, [=, this, &process, &names](const workers::BlobKept& kept) {
        const bool failed = kept.error || kept.answer.errc != Errc::ok;
        if (failed && more_tries > 0) hand_in_bytes(process, bytes, said, names, more_tries - 1);
        if (failed) return;
        oracle_.kept(kept.sha256, before);
        const std::string name = proto::file_name_of(kept.sha256);
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    });
}

/// Some jobs that those to come may be made to wait for.
void Users::look_for_earlier() {
    book_.earlier.clear();
    book_.pictures.clear();
    book_.films.clear();
    book_.sounds.clear();
    book_.voices.clear();
    for (int look = 0; look < 6; ++look) {
        const auto job = some_job();
        if (!job) return;
        const JobBook& found = *oracle_.find(*job);
        if (look < 2) book_.earlier.push_back(found.id.text());
        if (found.op == "minimax.voice_clone") book_.voices.push_back(found.voice);
        if (found.op.ends_with(".image")) book_.pictures.push_back(found.id.text());
        if (found.op == "minimax.video_v1" || found.op == "minimax.video_v2")
            book_.films.push_back(found.id.text());
        if (found.op == "minimax.t2a_v2" || found.op == "minimax.music")
            book_.sounds.push_back(found.id.text());
    }
}

/// The same key again: with the same body, or with another.
void Users::repeat(Process& process, proto::Instant now) {
    if (keys_.empty()) return;
    auto use = keys_.begin();
    std::advance(use, static_cast<std::ptrdiff_t>(dice_.below(keys_.size())));
    if (dice_.chance(70)) {
        submit(process, use->second.body, use->second.ref, use->first, now);
    } else {
        const std::string ref = next_ref();
        submit(process, write_order(book_, ref, {}, dice_), ref, use->first, now);
    }
}

void Users::submit(Process& process, const std::string& text, const std::string& ref,
                   const std::string& key, proto::Instant now) {
    auto job = process.admission().job(text, std::string(principal), key, now);
    // An account that is just not configured, a max_cost below one attempt: refused up front.
    if (!job) return;
    queue::Admit admit;
    admit.job = std::move(*job);
    if (!key.empty()) keys_.try_emplace(key, KeyUse{std::nullopt, text, ref});
    process.mail().execute(std::move(admit), [this, text, ref, key](const queue::Answer& answer) {
        answered(text, ref, key, answer);
    });
}

void Users::answered(const std::string& text, const std::string& ref, const std::string& key,
                     const queue::Answer& answer) {
    const auto* admitted = std::get_if<queue::Admitted>(&answer.body);
    KeyUse* const use = key.empty() ? nullptr : &keys_.at(key);
    if (use != nullptr && use->id) {
        const bool same = use->body == text;
        if (answer.errc == Errc::ok) oracle_.broke("key '" + key + "' has made a second job");
        if (same && admitted != nullptr && admitted->id != *use->id)
            oracle_.broke("key '" + key + "' answers with another job");
        if (!same && admitted != nullptr)
            oracle_.broke("key '" + key + "' was taken with another body");
        return;
    }
    if (admitted == nullptr) return;
    // Said for the first time, though perhaps of a job whose answer was lost.
    oracle_.acknowledged(admitted->id, ref);
    if (use != nullptr) *use = {admitted->id, text, ref};
}

/// As a request with many lines does: opened, chunk by chunk, sealed; or given up on the way.
void Users::hand_in_batch(Process& process, proto::Instant now) {
    queue::OpenBatch open;
    open.source = queue::BatchSource::http;
    open.principal = principal;
    const std::uint64_t chunks = 1 + dice_.below(3);
    const bool budget = dice_.chance(20);
    if (budget) open.budget = some_budget();
    process.mail().execute(std::move(open),
                           [this, &process, chunks, budget, now](const queue::Answer& answer) {
                               const auto* opened = std::get_if<queue::BatchOpened>(&answer.body);
                               if (opened == nullptr) return;
                               if (budget) budgeted_.insert(opened->batch);
                               next_chunk(process, opened->batch, chunks, now);
                           });
}

void Users::set_batch_budget(Process& process) {
    if (budgeted_.empty()) return;
    auto batch = budgeted_.begin();
    std::advance(batch, static_cast<std::ptrdiff_t>(dice_.below(budgeted_.size())));
    const bool none = dice_.chance(20);
    set_batch_budget(process, *batch, none ? std::nullopt : std::optional(some_budget()));
}

void Users::set_batch_budget(Process& process, proto::BatchSeq batch,
                             std::optional<proto::Micros> budget) {
    process.mail().execute(queue::SetBatchBudget{batch, budget, admin()},
                           [this](const queue::Answer&) { oracle_.budget_changed(); });
}

/// From a picture or two to more than a day costs.
proto::Micros Users::some_budget() {
    return static_cast<proto::Micros>(1 + dice_.below(dice_.chance(50) ? 2'000 : 30'000)) * 1'000;
}

void Users::next_chunk(Process& process, proto::BatchSeq batch, std::uint64_t chunks,
                       proto::Instant now) {
    if (dice_.chance(5)) return process.mail().execute(queue::DropBatch{batch}, {});
    queue::AdmitChunk chunk;
    chunk.batch = batch;
    look_for_earlier();
    for (std::uint64_t line = 1 + dice_.below(dice_.chance(20) ? scenario_.batch_lines_max : 6);
         line > 0; --line) {
        const std::string custom_id = "shot-" + std::to_string(dice_.below(20));
        auto job = process.admission().line(write_order(book_, next_ref(), custom_id, dice_),
                                            std::string(principal), now);
        book_.earlier.push_back(custom_id);
        if (job) {
            chunk.jobs.emplace_back(++lines_, std::move(*job));
        } else {
            chunk.refused.push_back(
                {++lines_, custom_id, job.error().code, job.error().field, job.error().message});
        }
    }
    process.mail().execute(std::move(chunk),
                           [this, &process, batch, chunks, now](const queue::Answer& answer) {
                               if (!std::holds_alternative<queue::ChunkAdmitted>(answer.body))
                                   return;
                               if (chunks > 1) {
                                   next_chunk(process, batch, chunks - 1, now);
                               } else {
                                   seal(process, batch);
                               }
                           });
}

void Users::seal(Process& process, proto::BatchSeq batch) {
    process.mail().execute(queue::Seal{batch, "hash"}, [this, batch](const queue::Answer& answer) {
        const auto* sealed = std::get_if<queue::Sealed>(&answer.body);
        if (sealed != nullptr) oracle_.sealed(batch, sealed->accepted);
    });
}

/// A file is put into the watch folder: whole, or bit by bit, or one that nobody can read.
void Users::drop_file(Process& process) {
    tests::PosixMount& folders = process.folders();
    if (writing_) return write_on(process);
    const std::string name = "films-" + std::to_string(++files_ % 7) + ".jsonl";
    // As long as one of that name lies there, nobody would put another in its place.
    if (folders.read("inbox/" + name)) return;
    if (dice_.chance(10)) {
        folders.put("inbox/" + name, dice_.chance(50) ? "this is no job\n" : "");
        return;
    }
    std::string text;
    std::vector<std::string> refs;
    std::string before;
    for (std::uint64_t line = 1 + dice_.below(12); line > 0; --line) {
        refs.push_back(next_ref());
        const std::string custom_id = "shot-" + std::to_string(line);
        text += write_plain_order(refs.back(), custom_id, dice_.chance(15) ? before : "", dice_);
        text += "\n";
        before = custom_id;
    }
    if (dice_.chance(75)) {
        if (folders.put("inbox/" + name, text)) oracle_.dropped(std::move(refs));
        return;
    }
    writing_ = Writing{name, std::move(refs)};
    folders.set_writer("inbox/" + name, true);
    if (folders.put("inbox/" + name, text)) return;
    folders.set_writer("inbox/" + name, false);  // it may lie there all the same
    writing_.reset();
}

void Users::write_on(Process& process) {
    tests::PosixMount& folders = process.folders();
    const std::string path = "inbox/" + writing_->name;
    // What had it open may have died with the machine, and the file with it.
    if (!folders.read(path)) return writing_.reset();
    if (dice_.chance(50)) {
        folders.set_writer(path, true);
        writing_->refs.push_back(next_ref());
        const std::string custom_id = "late-" + std::to_string(++lines_);
        const std::string line = write_plain_order(writing_->refs.back(), custom_id, {}, dice_);
        if (folders.add(path, line + "\n")) return;
        // Half a line may lie there now, and nobody would go on behind it.
        writing_->refs.pop_back();
    }
    folders.set_writer(path, false);
    oracle_.dropped(writing_->refs);
    writing_.reset();
}

void Users::finish_files(Process& process) {
    if (!writing_) return;
    process.folders().set_writer("inbox/" + writing_->name, false);
    writing_.reset();
}

/// Rather one that stands still than any.
std::optional<proto::JobSeq> Users::some_job() {
    if (!oracle_.newest()) return std::nullopt;
    const auto& active = oracle_.active();
    if (!active.empty() && dice_.chance(25)) {
        return *std::next(active.begin(), static_cast<std::ptrdiff_t>(dice_.below(active.size())));
    }
    std::optional<proto::JobSeq> found;
    const auto& living = oracle_.living();
    for (int look = 0; look < 6; ++look) {
        // Now and then one that retention may have taken away.
        auto near = living.lower_bound({1 + dice_.below(oracle_.newest().value)});
        if (near == living.end() || dice_.chance(2)) near = living.begin();
        if (near == living.end()) return oracle_.newest();
        found = *near;
        const State state = oracle_.find(*near)->state;
        if (state == State::held || state == State::unknown) break;
    }
    return found;
}

void Users::change_mind(Process& process) {
    const auto job = some_job();
    if (!job) return;
    const JobBook& book = *oracle_.find(*job);
    const bool stuck = book.state == State::held || book.state == State::unknown;
    if (stuck && dice_.chance(70)) return resolve(process, *job);
    const std::uint64_t wish = dice_.below(100);
    if (wish < 10) {
        // Thought better of at once, while what was under way may still be so.
        act_on(process, *job, queue::Verb::cancel, false);
        return act_on(process, *job, queue::Verb::retry, dice_.chance(70));
    }
    if (wish < 35) return act_on(process, *job, queue::Verb::cancel, false);
    if (wish < 85) return act_on(process, *job, queue::Verb::retry, dice_.chance(35));
    resolve(process, *job);
}

/// Cancels or retries a whole batch, as a person does by a selector.
void Users::change_batch(Process& process) {
    const auto job = some_job();
    if (!job) return;
    const proto::BatchSeq batch = oracle_.find(*job)->batch;
    const queue::Verb verb = dice_.chance(50) ? queue::Verb::cancel : queue::Verb::retry;
    const bool again = dice_.chance(35);
    for (const proto::JobSeq member : oracle_.living()) {
        if (batch && oracle_.find(member)->batch == batch) act_on(process, member, verb, again);
    }
}

void Users::act_on(Process& process, proto::JobSeq job, queue::Verb verb, bool again) {
    queue::Act act;
    act.job = job;
    act.verb = verb;
    act.actor = dice_.chance(80) ? actor() : admin();
    act.again = again;
    act.many = dice_.chance(15);
    process.mail().execute(std::move(act), {});
}

/// Says what became of a send: mostly what the upstream would say as well.
void Users::resolve(Process& process, proto::JobSeq job) {
    const JobBook& book = *oracle_.find(job);
    const auto bought = std::find_if(book.purchases.begin(), book.purchases.end(),
                                     [&](const Purchase& one) { return one.send == book.send; });
    const bool taken = bought != book.purchases.end();
    queue::Act act;
    act.job = job;
    act.actor = admin();
    const std::uint64_t wish = dice_.below(100);
    if (wish < 50 && taken && !bought->tasks.empty()) {
        act.verb = queue::Verb::resolve_adopt;
        act.tasks = bought->tasks;
    } else if (wish < 65) {
        // A task that nobody knows, or somebody else's.
        act.verb = queue::Verb::resolve_adopt;
        act.tasks = {"4" + std::to_string(dice_.below(50))};
        oracle_.mislead(job);
    } else if (wish < 85) {
        act.verb = queue::Verb::resolve_absent;
        if (taken || book.state == State::submitting) oracle_.mislead(job);
    } else {
        act.verb = queue::Verb::resolve_lost;
    }
    process.mail().execute(std::move(act), {});
}

void Users::patch(Process& process, proto::JobSeq job) {
    queue::Patch patch;
    patch.job = job;
    patch.actor = admin();
    if (dice_.chance(80)) patch.priority = static_cast<std::uint8_t>(dice_.below(10));
    if (dice_.chance(40)) patch.labels = {{"film", "reel-" + std::to_string(dice_.below(5))}};
    process.mail().execute(std::move(patch), {});
}

void Users::pause_or_resume(Process& process) {
    const std::string account = dice_.chance(40) ? std::string() : dice_.pick(book_.accounts);
    // Rather on again than off, so that things move.
    const bool paused = !oracle_.is_paused(account) && dice_.chance(40);
    pause(process, account, paused);
}

void Users::pause(Process& process, const std::string& account, bool paused) {
    oracle_.asked_to_pause(account);
    process.mail().execute(
        queue::Pause{account, paused, "lunch"},
        [this, account, paused, &mail = process.mail()](const queue::Answer& answer) {
            if (mail.dead()) return;
            if (answer.errc == Errc::ok) {
                oracle_.paused(account, paused);
            } else {
                oracle_.pause_refused(account);
            }
        });
}

void Users::configure(Process& process) {
    if (writing_) process.folders().set_writer("inbox/" + writing_->name, true);
    process.configure(config_,
                      [this](const daemon::Config& config) { oracle_.configured(config); });
}

void Users::reconfigure(Process& process) {
    config_ = scenario_.config;
    for (daemon::AccountConfig& account : config_.accounts) {
        for (auto& [slot_class, slots] : account.slots) {
            if (dice_.chance(40)) slots = static_cast<std::uint32_t>(1 + dice_.below(5));
        }
        for (auto& [slot_class, rpm] : account.rpm) {
            if (dice_.chance(40)) rpm = static_cast<std::uint32_t>(dice_.below(60));
        }
        // A corrected key; all who had the old one get it.
        if (!account.key_has_accounts && dice_.chance(8))
            account.api_key = daemon::Secret("key-" + account.name + "-2");
    }
    if (config_.accounts.size() > 1 && dice_.chance(25)) config_.accounts.pop_back();
    if (dice_.chance(20))
        config_.prices["minimax.image/image-01"] = {proto::Money{9'000, proto::Unit::usd}, 1};
    if (dice_.chance(25)) config_.budget.day[proto::Unit::usd] = some_budget();
    if (dice_.chance(20)) config_.accounts.front().day_budget = some_budget();
    oracle_.befell(Fault::config);
    configure(process);
}

void Users::make_peace(Process& process) {
    config_ = scenario_.config;
    oracle_.befell(Fault::config);
    configure(process);
    for (const proto::BatchSeq batch : budgeted_)
        set_batch_budget(process, batch, std::nullopt);
    pause(process, "", false);
    for (const daemon::AccountConfig& account : config_.accounts)
        pause(process, account.name, false);
}

bool Users::settle(Process& process) {
    bool stood = false;
    for (const proto::JobSeq job : oracle_.living()) {
        const JobBook& book = *oracle_.find(job);
        const auto bought =
            std::find_if(book.purchases.begin(), book.purchases.end(),
                         [&](const Purchase& one) { return one.send == book.send; });
        const bool task = bought != book.purchases.end() && !bought->tasks.empty();
        // With another key the upstream knows nothing of it.
        const bool same_key =
            bought != book.purchases.end() && place_of(config_, bought->account) == bought->place;
        queue::Act act;
        act.job = job;
        act.actor = admin();
        stood = stood || book.state == State::held || (book.state == State::queued && book.parked);
        if (book.state == State::held && book.unsent) {
            // There is nothing to resolve, and what may not be tried again has no other end.
            queue::Act give_up = act;
            give_up.verb = queue::Verb::cancel;
            act.verb = queue::Verb::retry;
            process.mail().execute(std::move(act),
                                   [give_up, &mail = process.mail()](const queue::Answer& answer) {
                                       if (answer.errc != Errc::ok) mail.execute(give_up, {});
                                   });
            continue;
        } else if (book.state == State::held) {
            const bool ours = task && same_key && !bought->failed && !book.misled;
            act.verb = ours ? queue::Verb::resolve_adopt : queue::Verb::resolve_lost;
            if (ours) act.tasks = bought->tasks;
        } else if (same_key && !bought->failed && !book.misled &&
                   (book.state == State::failed || book.state == State::succeeded)) {
            // What can still be fetched is fetched; nothing is bought without `again`.
            act.verb = queue::Verb::retry;
        } else if (book.state == State::queued && book.parked) {
            // It would wait for ever.
            act.verb = queue::Verb::cancel;
        } else {
            continue;
        }
        process.mail().execute(std::move(act), {});
    }
    return stood;
}

}  // namespace genspool::simulation
