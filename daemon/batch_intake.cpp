#include "daemon/batch_intake.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/refused_object.hpp"
#include "proto/json_writer.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t chunk_lines_max = 512;
constexpr std::size_t chunk_bytes_max = 1U << 20U;
constexpr std::size_t shown_max = 100;
// A line is text, then a job, then rows; a small one is more around it than in it.
constexpr std::uint64_t copies_of_a_line = 2;
constexpr std::uint64_t bytes_of_a_line = 1'024;

void write_errors(proto::JsonWriter& json, const std::vector<queue::RefusedLine>& lines) {
    json.begin_array("errors");
    for (const queue::RefusedLine& each : lines) {
        json.begin_object();
        json.count("line", each.line);
        json.text_or_null("custom_id", each.custom_id);
        json.text("code", each.code);
        json.text_or_null("field", each.field);
        json.text("message", each.message);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

Reply unbilled(Problem problem) {
    problem.billed = false;
    return to_reply(problem);
}

BatchIntake::BatchIntake(Api& api, Caller caller, IntakeMode mode)
    : api_(api), caller_(std::move(caller)), mode_(std::move(mode)) {}

asio::awaitable<std::optional<Reply>> BatchIntake::open(std::optional<queue::Idempotency> key) {
    std::optional<Reply> end;
    if (mode_.dry_run) co_return end;
    queue::OpenBatch open;
    open.principal = caller_.principal;
    open.budget = mode_.budget;
    key_ = std::move(key);
    open.idempotency = key_;
    queue::Command command = std::move(open);
    queue::Answer answer = co_await api_.line.ask(std::move(command));
    auto* const opened = std::get_if<queue::BatchOpened>(&answer.body);
    if (answer.errc == queue::Errc::ok && opened != nullptr) {
        batch_ = opened->batch;
        batch_id_ = opened->id.text();
        chunk_.batch = batch_;
        GENSPOOL_KILL_POINT("intake.opened");
    } else if (answer.errc == queue::Errc::already && opened != nullptr &&
               key_->fingerprint.empty()) {
        repeated_ = true;
    } else if (answer.errc == queue::Errc::already && opened != nullptr) {
        // A batch answers for its key from its seal on, so this one is complete.
        Reply known = co_await known_batch(opened->id.text());
        end = std::move(known);
    } else {
        end = unbilled(to_problem(answer));
    }
    co_return end;
}

asio::awaitable<Reply> BatchIntake::answer_again(std::string fingerprint) {
    std::optional<queue::Idempotency> key = key_;
    key->fingerprint = std::move(fingerprint);
    std::optional<Reply> known = co_await open(std::move(key));
    if (known) co_return std::move(*known);
    // The key's time has run out meanwhile: it is free again, but the body has gone by.
    co_await drop();
    co_return unbilled(Problem("stale", "The idempotency key was just forgotten; try again."));
}

asio::awaitable<Reply> BatchIntake::known_batch(std::string id) {
    batch_id_ = id;
    FoundBatch found = co_await find_batch(api_, std::move(id));
    if (!found.batch) co_return to_reply(*found.problem);
    // It is told as the first time, with its own refused lines.
    const proto::BatchSeq batch = found.batch->seq;
    std::function<void(const queue::Reader&)> errand = [this, batch](const queue::Reader& reader) {
        shown_ = reader.refused_lines(batch, 0, shown_max);
    };
    co_await look(api_.queue, std::move(errand));
    Reply reply = summary(200, found.batch->accepted, found.batch->refused);
    co_return reply;
}

void BatchIntake::refuse(queue::RefusedLine line) {
    ++refused_;
    if (shown_.size() < shown_max) shown_.push_back(line);
    if (!mode_.dry_run && !mode_.atomic) chunk_.refused.push_back(std::move(line));
}

void BatchIntake::admit(std::uint64_t line, queue::AdmitOne job) {
    // A refused line of an atomic batch has settled that none is taken.
    if (mode_.atomic && !mode_.dry_run && refused_ != 0) return;
    chunk_.jobs.emplace_back(line, std::move(job));
}

bool BatchIntake::add(Piece piece) {
    if (piece.too_long) {
        refuse({piece.number, "", "too_long", "",
                "The line is longer than [limits] line_bytes_max allows."});
    } else {
        auto job = api_.admission.line(piece.text, caller_.principal, api_.clock.now());
        if (job) {
            job->spec.traceparent = mode_.traceparent;
            admit(piece.number, std::move(*job));
        } else {
            const proto::Refused& why = job.error();
            const auto object = refused_object(piece.text);
            refuse(
                {piece.number, object ? object->custom_id : "", why.code, why.field, why.message});
        }
    }
    chunk_bytes_ += piece.text.size();
    return chunk_.jobs.size() + chunk_.refused.size() >= chunk_lines_max ||
           chunk_bytes_ >= chunk_bytes_max;
}

std::uint64_t BatchIntake::held() const {
    return copies_of_a_line * chunk_bytes_ +
           bytes_of_a_line * (chunk_.jobs.size() + chunk_.refused.size());
}

asio::awaitable<std::optional<Problem>> BatchIntake::flush() {
    std::optional<Problem> problem;
    chunk_bytes_ = 0;
    if (chunk_.jobs.empty() && chunk_.refused.empty()) co_return problem;
    if (mode_.dry_run) {
        Lines lines = std::move(chunk_.jobs);
        chunk_.jobs.clear();
        co_await estimate(std::move(lines));
        co_return problem;
    }
    queue::Command command = std::exchange(chunk_, {});
    chunk_.batch = batch_;
    queue::Answer answer = co_await api_.line.ask(std::move(command));
    auto* const admitted = std::get_if<queue::ChunkAdmitted>(&answer.body);
    GENSPOOL_KILL_POINT("intake.after_chunk");
    if (answer.errc != queue::Errc::ok || admitted == nullptr) {
        problem = to_problem(answer);
        co_return problem;
    }
    accepted_ += admitted->accepted;
    refused_ += admitted->refused.size();
    for (queue::RefusedLine& each : admitted->refused) {
        if (shown_.size() < shown_max) shown_.push_back(std::move(each));
    }
    co_return problem;
}

asio::awaitable<void> BatchIntake::estimate(Lines lines) {
    std::map<std::uint64_t, proto::Refused> faults;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        for (const auto& [line, job] : lines) {
            const auto account = reader.bound_account(job);
            if (!account) faults.emplace(line, account.error());
        }
    };
    const bool bound = std::ranges::any_of(
        lines, [](const auto& line) { return proto::binds(line.second.names); });
    if (bound) co_await look(api_.queue, std::move(errand));
    for (const auto& [line, job] : lines) {
        if (const auto why = faults.find(line); why != faults.end()) {
            const proto::Refused& fault = why->second;
            refuse({line, job.spec.custom_id, fault.code, fault.field, fault.message});
            continue;
        }
        ++accepted_;
        if (job.spec.quote) {
            estimated_[job.spec.quote->unit] += job.spec.quote->amount;
        } else {
            ++unpriced_;
            if (job.spec.max_cost) ++price_unknown_;
        }
    }
}

asio::awaitable<Reply> BatchIntake::finish(std::string fingerprint) {
    std::optional<Problem> problem = co_await flush();
    if (!problem && accepted_ + refused_ == 0) problem.emplace("missing", "The body holds no job.");
    if (problem) {
        co_await drop();
        co_return unbilled(std::move(*problem));
    }
    if (mode_.atomic && refused_ != 0) {
        co_await drop();
        co_return refused_whole();
    }
    if (mode_.dry_run) co_return summary(200, accepted_, refused_);
    Reply reply = co_await seal(std::move(fingerprint));
    co_return reply;
}

asio::awaitable<Reply> BatchIntake::seal(std::string fingerprint) {
    queue::Seal seal;
    seal.batch = batch_;
    if (key_ && key_->fingerprint.empty()) {
        key_->fingerprint = std::move(fingerprint);
        seal.fingerprint = key_->fingerprint;
    }
    GENSPOOL_KILL_POINT("intake.before_seal");
    queue::Command command = std::move(seal);
    queue::Answer answer = co_await api_.line.ask(std::move(command));
    const auto* const sealed = std::get_if<queue::Sealed>(&answer.body);
    GENSPOOL_KILL_POINT("intake.after_seal");
    if (answer.errc == queue::Errc::ok && sealed != nullptr)
        co_return summary(202, sealed->accepted, sealed->refused);
    const bool conflict = answer.errc == queue::Errc::conflict;
    Problem why = to_problem(answer);
    co_await drop();
    if (!conflict) co_return unbilled(std::move(why));
    Reply reply = co_await overtaken(std::move(why));
    co_return reply;
}

/// Another request with the same key was sealed meanwhile. That batch is the answer, if it was made
/// of the same body.
asio::awaitable<Reply> BatchIntake::overtaken(Problem why) {
    batch_ = {};
    std::optional<queue::Idempotency> key = key_;
    std::optional<Reply> known = co_await open(std::move(key));
    if (known) co_return std::move(*known);
    co_await drop();  // the key is free again, but the body is gone
    co_return unbilled(std::move(why));
}

asio::awaitable<void> BatchIntake::drop() {
    if (!batch_) co_return;
    queue::DropBatch drop;
    drop.batch = batch_;
    queue::Command command = drop;
    // Whatever it answers: an unsealed batch is never bought, and the next start drops it.
    co_await api_.line.ask(std::move(command));
    GENSPOOL_KILL_POINT("intake.dropped");
}

Reply BatchIntake::summary(int status, std::uint64_t accepted, std::uint64_t refused) const {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    if (mode_.dry_run) {
        json.flag("dry_run", true);
    } else {
        json.text("batch", batch_id_);
    }
    json.count("accepted", accepted);
    json.count("refused", refused);
    write_errors(json, shown_);
    if (mode_.dry_run) {
        json.begin_object("estimated");
        for (const auto& [unit, amount] : estimated_)
            json.money(proto::to_string(unit), amount);
        json.end_object();
        json.count("unpriced", unpriced_);
        json.count("price_unknown", price_unknown_);
    }
    json.end_object();
    Reply reply(status, std::move(out));
    if (!mode_.dry_run) reply.headers.emplace_back("Location", "/v1/batches/" + batch_id_);
    return reply;
}

Reply BatchIntake::refused_whole() const {
    const ProblemKind& kind = problem_kind("batch_refused");
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("type", "urn:genspool:problem:batch_refused");
    json.text("title", kind.title);
    json.count("status", static_cast<std::uint64_t>(kind.status));
    json.text("code", kind.code);
    json.text("detail", std::to_string(refused_) + " of the lines are refused, so none was taken.");
    json.flag("retryable", kind.retryable);
    json.flag("billed", false);
    json.count("refused", refused_);
    write_errors(json, shown_);
    json.end_object();
    Reply reply(kind.status, std::move(out));
    reply.content_type = "application/problem+json";
    return reply;
}

}  // namespace genspool::daemon
