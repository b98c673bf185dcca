#include <utility>
#include <variant>

#include "daemon/body.hpp"
#include "daemon/import_pieces.hpp"
#include "daemon/routes/submit.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// Cuts a body into the texts of its jobs, whichever of the two forms it has.
class Splitter {
public:
    Splitter(bool lines, std::size_t bytes_max) {
        if (lines) {
            of_.emplace<LineSplitter>(bytes_max);
        } else {
            of_.emplace<ArraySplitter>(bytes_max);
        }
    }

    std::optional<Piece> feed(std::string_view& bytes) {
        if (auto* const lines = std::get_if<LineSplitter>(&of_)) return lines->feed(bytes);
        return std::get<ArraySplitter>(of_).feed(bytes);
    }

    std::optional<Piece> finish() {
        if (auto* const lines = std::get_if<LineSplitter>(&of_)) return lines->finish();
        std::get<ArraySplitter>(of_).finish();
        return std::nullopt;
    }

    std::optional<std::string> problem() const {
        const auto* const array = std::get_if<ArraySplitter>(&of_);
        return array == nullptr ? std::nullopt : array->problem();
    }

private:
    std::variant<std::monostate, LineSplitter, ArraySplitter> of_;
};

/// Takes all the pieces in `bytes`.
asio::awaitable<std::optional<Problem>> take(BatchIntake& intake, Splitter& splitter,
                                             std::string bytes) {
    std::optional<Problem> problem;
    std::string_view rest(bytes);
    while (auto piece = splitter.feed(rest)) {
        const bool full = intake.add(std::move(*piece));
        if (!full) continue;
        problem = co_await intake.flush();
        if (problem) break;
    }
    if (const auto why = splitter.problem())
        problem.emplace("malformed", "The body is no JSON array: " + *why + ".");
    co_return problem;
}

asio::awaitable<std::optional<Problem>> take_all(BatchIntake& intake, Splitter& splitter,
                                                 Request& request, std::string begun) {
    std::optional<Problem> problem = co_await take(intake, splitter, std::move(begun));
    while (!problem) {
        BodyPiece piece = co_await request.body->next();
        if (piece.state == BodyState::end) break;
        if (piece.state == BodyState::piece) {
            problem = co_await take(intake, splitter, std::move(piece.bytes));
        } else {
            problem = body_problem(piece.state);
        }
    }
    if (problem) co_return problem;
    if (auto last = splitter.finish()) intake.add(std::move(*last));
    if (const auto why = splitter.problem())
        problem.emplace("malformed", "The body is no JSON array: " + *why + ".");
    co_return problem;
}

queue::Idempotency batch_key(const Request& request, std::string_view body) {
    workers::Sha256 digest;
    digest.update(body);
    const auto bytes = digest.bytes();
    return Admission::idempotency(request.caller.principal, request.field(Field::idempotency_key),
                                  std::string(bytes.begin(), bytes.end()));
}

}  // namespace

asio::awaitable<Reply> submit_batch(Api& api, Request& request, std::string begun, bool lines,
                                    IntakeMode mode) {
    std::optional<queue::Idempotency> key;
    if (!request.field(Field::idempotency_key).empty()) {
        // The key covers the whole body, so the whole of it must be known before the first job is
        // taken. This is the one case in which a batch is held in memory.
        WholeBody body =
            co_await read_body(request, std::move(begun), api.config.limits.body_bytes_max);
        if (body.problem) co_return to_reply(*body.problem);
        key = batch_key(request, body.bytes);
        begun = std::move(body.bytes);
    }
    BatchIntake intake(api, request.caller, mode);
    std::optional<Reply> ended = co_await intake.open(std::move(key));
    if (ended) co_return std::move(*ended);
    Splitter splitter(lines, api.config.limits.line_bytes_max);
    std::optional<Problem> problem = co_await take_all(intake, splitter, request, std::move(begun));
    if (problem) {
        co_await intake.drop();
        problem->billed = false;
        co_return to_reply(*problem);
    }
    Reply reply = co_await intake.finish();
    co_return reply;
}

}  // namespace genspool::daemon::routes
