#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/artifact_file.hpp"
#include "daemon/gateway/answer.hpp"
#include "daemon/gateway/answers.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon::gateway {

/// Whose answer it is, to be noted when the client has all of it.
struct Receipt {
    proto::JobId job;
    std::unique_ptr<Answers::Waiter> waiter;

    Receipt() = default;
};

/// The files of an answer, opened, so that nothing can be missing once its head is sent.
struct OpenedAnswer {
    struct Piece {
        Part part;
        OpenedArtifact file;  ///< where it is one
        std::uint64_t at = 0;
    };

    std::vector<Piece> pieces;
    std::uint64_t bytes = 0;  ///< of all of it, written out

    OpenedAnswer() = default;
};

/// nullopt: one of them is gone.
boost::asio::awaitable<std::optional<OpenedAnswer>> open_answer(Api& api, Answer answer);

/// Sends an answer, and notes that it was given once the last of it was written while the client
/// was there. Event-loop thread.
class AnswerStream : public PieceSource {
public:
    /// `receipt` without a waiter: nothing is noted.
    AnswerStream(Api& api, OpenedAnswer answer, Receipt receipt);

    boost::asio::awaitable<std::optional<std::string>> next() override;
    boost::asio::awaitable<void> sent() override;

private:
    boost::asio::awaitable<std::string> read(OpenedAnswer::Piece& piece);

    Api& api_;
    OpenedAnswer answer_;
    Receipt receipt_;
    std::size_t at_ = 0;
    bool lost_ = false;
};

/// The reply that carries it; nullopt: a file of it is gone. `receipt` is used only if the answer
/// is final.
boost::asio::awaitable<std::optional<Reply>> reply_with(Api& api, Answer answer, Receipt receipt);

/// What became of the wait for a job.
enum class Waited : std::uint8_t {
    ended,     ///< or it is held
    alone,     ///< the client has gone
    stopping,  ///< the daemon stops
    time_up,
};

/// Waits for the job to end or to be held, at most `most`.
boost::asio::awaitable<Waited> wait_for_end(Api& api, proto::JobSeq job,
                                            const Answers::Waiter& waiter, proto::Duration most);

/// Keeps a client of server-sent events company until the job has ended, then sends what `make`
/// makes of it. `first`: an event to begin with; empty: none.
class EventAnswer : public PieceSource {
public:
    using Make = std::function<boost::asio::awaitable<Answer>()>;

    EventAnswer(Api& api, Receipt receipt, Make make, std::string first);

    boost::asio::awaitable<std::optional<std::string>> next() override;
    boost::asio::awaitable<void> sent() override;

private:
    boost::asio::awaitable<void> begin();

    Api& api_;
    Receipt receipt_;
    Make make_;
    std::string first_;
    std::unique_ptr<AnswerStream> answer_;
};

/// How often who waits for events hears that somebody is there.
inline constexpr proto::Duration company_every = std::chrono::seconds{15};

}  // namespace genspool::daemon::gateway
