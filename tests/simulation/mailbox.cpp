#include "tests/simulation/mailbox.hpp"

#include <stdexcept>
#include <utility>

namespace genspool::simulation {
namespace {

queue::Answer dead_answer() {
    queue::Answer answer;
    answer.errc = queue::Errc::stale;
    answer.detail = "the process is dead";
    return answer;
}

/// A reader that a coroutine of a dead process is left with: it knows nothing.
class NoReader : public queue::Reader {
public:
    std::optional<queue::JobView> find(proto::JobSeq) const override { return std::nullopt; }
    std::optional<proto::JobSeq> find_by_prefix(std::string_view, bool&) const override {
        return std::nullopt;
    }
    queue::Page list(const queue::Filter&, proto::JobSeq, std::size_t) const override { return {}; }
    std::vector<queue::EventRecord> events(proto::EventSeq, std::size_t,
                                           std::optional<proto::JobSeq>) const override {
        return {};
    }
    std::optional<queue::BatchView> find_batch(proto::BatchSeq) const override {
        return std::nullopt;
    }
    std::vector<queue::BatchView> list_batches(proto::BatchSeq, std::size_t, bool) const override {
        return {};
    }
    std::vector<queue::RefusedLine> refused_lines(proto::BatchSeq, std::uint64_t,
                                                  std::size_t) const override {
        return {};
    }
    std::vector<proto::JobSeq> batch_jobs(proto::BatchSeq, proto::JobSeq,
                                          std::size_t) const override {
        return {};
    }
    queue::LedgerPage ledger(const queue::LedgerFilter&, proto::JobSeq,
                             std::size_t) const override {
        return {};
    }
    queue::LedgerTotals ledger_totals(const queue::TotalsFilter&, std::size_t) const override {
        return {};
    }
    std::optional<proto::JobSeq> find_by_key(const std::string&) const override {
        return std::nullopt;
    }
    std::vector<proto::JobRecord> orders(const std::string&, std::size_t) const override {
        return {};
    }
    std::optional<queue::BlobView> find_blob(const std::string&) const override {
        return std::nullopt;
    }
    std::optional<queue::UploadView> find_upload(const queue::UploadName&) const override {
        return std::nullopt;
    }
    proto::Result<queue::BoundTo> bound_account(const queue::AdmitOne&) const override {
        return queue::BoundTo{};
    }
    proto::EventSeq cursor(std::string_view) const override { return {}; }
    queue::Oldest oldest() const override { return {}; }
    std::vector<std::string> cursors() const override { return {}; }
    std::vector<queue::NoteEvent> event_notes(std::string_view, proto::EventSeq,
                                              std::size_t) const override {
        return {};
    }
    queue::Stats stats() const override { return {}; }
    std::vector<queue::AccountView> accounts() const override { return {}; }
    std::vector<queue::LearnedTimes> learned_times() const override { return {}; }
    std::optional<queue::Explanation> explain(proto::JobSeq) const override { return std::nullopt; }
};

}  // namespace

void Mailbox::execute(queue::Command command, queue::OnAnswer on_answer) {
    if (dead_) {
        if (on_answer) on_answer(dead_answer());
        return;
    }
    mail_.emplace_back(Asked{std::move(command), std::move(on_answer)});
}

void Mailbox::read(std::function<void(const queue::Reader&)> look) {
    if (dead_) throw std::runtime_error("the process is dead");
    mail_.emplace_back(std::move(look));
}

void Mailbox::on_commit(std::function<void(proto::EventSeq, bool)> listener) {
    queue_.on_commit(std::move(listener));
}

bool Mailbox::turn(bool due) {
    std::vector<Letter> letters;
    letters.swap(mail_);
    std::vector<queue::Command> commands;
    for (Letter& letter : letters) {
        if (auto* asked = std::get_if<Asked>(&letter)) commands.push_back(asked->command);
    }
    std::vector<queue::Answer> answers;
    witness_.asked(commands);
    try {
        // As the queue's own thread does: who only reads makes no commit.
        if (due || !commands.empty()) answers = queue_.ask_at_once(commands);
    } catch (const queue::StoreFailed&) {
        letters.swap(mail_);
        return false;
    }
    witness_.answered(commands, answers, queue_.core().now());
    std::size_t next = 0;
    for (Letter& letter : letters) {
        auto* asked = std::get_if<Asked>(&letter);
        if (asked == nullptr) continue;
        queue::Answer& answer = answers[next++];
        if (asked->on_answer) asked->on_answer(std::move(answer));
    }
    for (Letter& letter : letters) {
        if (auto* look = std::get_if<Look>(&letter)) queue_.read(std::move(*look));
    }
    return true;
}

void Mailbox::die() {
    dead_ = true;
    std::vector<Letter> letters;
    letters.swap(mail_);
    const NoReader nothing;
    for (Letter& letter : letters) {
        if (auto* asked = std::get_if<Asked>(&letter)) {
            if (asked->on_answer) asked->on_answer(dead_answer());
        } else {
            std::get<Look>(letter)(nothing);
        }
    }
}

}  // namespace genspool::simulation
