#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/import_pieces.hpp"
#include "daemon/problem.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

/// How a batch over HTTP is to be taken in.
struct IntakeMode {
    bool atomic = false;   ///< one refused line refuses all
    bool dry_run = false;  ///< checks and prices, writes nothing
    std::optional<proto::Micros> budget{};
    std::string traceparent{};  ///< of the request, which becomes that of each job
};

/// A refusal after which nothing of a batch was taken, so nothing can have been paid for.
Reply unbilled(Problem problem);

/// One batch on its way in over HTTP: pieces become jobs, jobs go to the queue in chunks, and
/// nothing is visible before finish(). Event-loop thread. Whoever gives up calls drop().
class BatchIntake {
public:
    BatchIntake(Api& api, Caller caller, IntakeMode mode);

    /// Opens the batch. A reply means that this is the end: refused, or done before with that key.
    /// The key's fingerprint may be left empty: then it is given to finish() or answer_again().
    boost::asio::awaitable<std::optional<Reply>> open(std::optional<queue::Idempotency> key);

    /// After open(): there is a batch with that key, and whether it is of this body remains to be
    /// seen. Nothing is taken in.
    bool repeated() const { return repeated_; }
    boost::asio::awaitable<Reply> answer_again(std::string fingerprint);

    /// Takes one job's text. True when flush() is due.
    bool add(Piece piece);

    /// Hands the queue what has gathered. A problem means that it takes no more.
    boost::asio::awaitable<std::optional<Problem>> flush();

    /// Memory that the lines of the present chunk take, and what the queue makes of them.
    std::uint64_t held() const;

    /// Flushes and seals; the reply says what became of it. The fingerprint is that of the body,
    /// where open() was not told.
    boost::asio::awaitable<Reply> finish(std::string fingerprint);

    boost::asio::awaitable<void> drop();

private:
    void refuse(queue::RefusedLine line);
    void admit(std::uint64_t line, queue::AdmitOne job);
    using Lines = std::vector<std::pair<std::uint64_t, queue::AdmitOne>>;
    /// Of a dry run: whether the queue would take them, and what they would cost.
    boost::asio::awaitable<void> estimate(Lines lines);
    boost::asio::awaitable<Reply> seal(std::string fingerprint);
    boost::asio::awaitable<Reply> overtaken(Problem why);
    boost::asio::awaitable<Reply> known_batch(std::string id);
    Reply summary(int status, std::uint64_t accepted, std::uint64_t refused) const;
    Reply refused_whole() const;

    Api& api_;
    Caller caller_;
    IntakeMode mode_;
    std::optional<queue::Idempotency> key_;
    bool repeated_ = false;
    proto::BatchSeq batch_;
    std::string batch_id_;
    queue::AdmitChunk chunk_;
    std::size_t chunk_bytes_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::vector<queue::RefusedLine> shown_;  ///< the first of the refused
    std::map<proto::Unit, proto::Micros> estimated_;
    std::uint64_t unpriced_ = 0;
    std::uint64_t price_unknown_ = 0;  ///< of these, with a max_cost: they would wait at that gate
};

}  // namespace genspool::daemon
