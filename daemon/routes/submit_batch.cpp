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

    /// Bytes of a job that is not complete.
    std::size_t held() const {
        if (const auto* const lines = std::get_if<LineSplitter>(&of_)) return lines->held();
        return std::get<ArraySplitter>(of_).held();
    }

    std::optional<std::string> problem() const {
        const auto* const array = std::get_if<ArraySplitter>(&of_);
        return array == nullptr ? std::nullopt : array->problem();
    }

private:
    std::variant<std::monostate, LineSplitter, ArraySplitter> of_;
};

/// A body as it comes, with the digest of all of it where one is wanted.
class DigestedBody {
public:
    DigestedBody(BodySource& body, std::string_view begun, bool digested) : body_(body) {
        if (digested) digest_.emplace().update(begun);
    }

    asio::awaitable<BodyPiece> next() {
        BodyPiece piece = co_await body_.next();
        if (digest_) digest_->update(piece.bytes);
        co_return piece;
    }

    void holds(std::uint64_t bytes) { body_.holds(bytes); }

    /// Empty where none is wanted.
    std::string digest() const {
        if (!digest_) return {};
        const auto bytes = digest_->bytes();
        return {bytes.begin(), bytes.end()};
    }

private:
    BodySource& body_;
    std::optional<workers::Sha256> digest_;
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
                                                 DigestedBody& body, std::string begun) {
    std::optional<Problem> problem = co_await take(intake, splitter, std::move(begun));
    while (!problem) {
        body.holds(splitter.held() + intake.held());
        BodyPiece piece = co_await body.next();
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

/// Reads a body for its digest alone.
asio::awaitable<std::optional<Problem>> pass_over(DigestedBody& body) {
    std::optional<Problem> problem;
    BodyState state = BodyState::piece;
    while (state == BodyState::piece) {
        const BodyPiece piece = co_await body.next();
        state = piece.state;
    }
    if (state != BodyState::end) problem = body_problem(state);
    co_return problem;
}

/// What the key covers, the whole body, is known when it has been read.
std::optional<queue::Idempotency> key_of(const Request& request) {
    const std::string& key = request.field(Field::idempotency_key);
    if (key.empty()) return std::nullopt;
    return Admission::idempotency(request.caller.principal, key, {});
}

}  // namespace

asio::awaitable<Reply> submit_batch(Api& api, Request& request, std::string begun, bool lines,
                                    IntakeMode mode) {
    std::optional<queue::Idempotency> key = key_of(request);
    DigestedBody body(*request.body, begun, key.has_value());
    BatchIntake intake(api, request.caller, std::move(mode));
    std::optional<Reply> ended = co_await intake.open(std::move(key));
    if (ended) co_return std::move(*ended);
    std::optional<Problem> problem;
    if (intake.repeated()) {
        problem = co_await pass_over(body);
        if (problem) co_return unbilled(std::move(*problem));
        Reply known = co_await intake.answer_again(body.digest());
        co_return known;
    }
    Splitter splitter(lines, api.config.limits.line_bytes_max);
    problem = co_await take_all(intake, splitter, body, std::move(begun));
    if (problem) {
        co_await intake.drop();
        co_return unbilled(std::move(*problem));
    }
    Reply reply = co_await intake.finish(body.digest());
    co_return reply;
}

}  // namespace genspool::daemon::routes
