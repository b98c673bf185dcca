#include "daemon/gateway/answer_stream.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "daemon/gateway/placing.hpp"
#include "daemon/lookup.hpp"
#include "workers/base64.hpp"
#include "workers/file_pool.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;

namespace {

/// A multiple of three, so that pieces of base64 fit together.
constexpr std::uint64_t read_bytes = 192U << 10U;

std::uint64_t written_out(Part::Form form, std::uint64_t bytes) {
    if (form == Part::Form::hex) return bytes * 2;
    return form == Part::Form::base64 ? (bytes + 2) / 3 * 4 : bytes;
}

std::string in_form(Part::Form form, std::string bytes) {
    if (form == Part::Form::bytes) return bytes;
    std::string out;
    if (form == Part::Form::base64) {
        workers::append_base64(out, bytes);
        return out;
    }
    constexpr std::string_view hex = "0123456789abcdef";
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += hex[byte >> 4U];
        out += hex[byte & 15U];
    }
    return out;
}

/// Blocks; on the pool.
std::optional<OpenedAnswer> open_all(const workers::LocalRoot& artifacts, std::vector<Part> parts) {
    OpenedAnswer opened;
    for (Part& part : parts) {
        OpenedAnswer::Piece piece;
        piece.part = std::move(part);
        std::uint64_t bytes = piece.part.text.size();
        if (piece.part.form != Part::Form::text) {
            auto file = open_artifact(artifacts, piece.part.text);
            if (!file) return std::nullopt;
            piece.file = std::move(*file);
            bytes = written_out(piece.part.form, piece.file.bytes);
        }
        opened.bytes += bytes;
        opened.pieces.push_back(std::move(piece));
    }
    return opened;
}

}  // namespace

asio::awaitable<std::optional<OpenedAnswer>> open_answer(Api& api, Answer answer) {
    std::function<std::optional<OpenedAnswer>()> open = [&api, &answer] {
        return open_all(api.artifacts, std::move(answer.parts));
    };
    auto opened = co_await workers::on_pool(api.pool, std::move(open));
    co_return opened;
}

AnswerStream::AnswerStream(Api& api, OpenedAnswer answer, Receipt receipt)
    : api_(api), answer_(std::move(answer)), receipt_(std::move(receipt)) {}

asio::awaitable<std::string> AnswerStream::read(OpenedAnswer::Piece& piece) {
    const std::uint64_t left = piece.file.bytes - piece.at;
    const std::uint64_t wanted = std::min(left, read_bytes);
    std::function<std::string()> work = [&piece, wanted] {
        return read_at(piece.file.file, piece.at, wanted);
    };
    std::string bytes = co_await workers::on_pool(api_.pool, std::move(work));
    // The length is promised already; closing the connection early is the only way to take it back.
    if (bytes.size() < wanted)
        throw std::runtime_error("a file is shorter than it was, or unreadable");
    piece.at += bytes.size();
    co_return in_form(piece.part.form, std::move(bytes));
}

asio::awaitable<std::optional<std::string>> AnswerStream::next() {
    std::optional<std::string> out;
    // What was written to one who had gone before is not with him.
    if (receipt_.waiter && at_ < answer_.pieces.size() && receipt_.waiter->gone()) lost_ = true;
    while (!out && at_ < answer_.pieces.size()) {
        OpenedAnswer::Piece& piece = answer_.pieces[at_];
        if (piece.part.form == Part::Form::text) {
            ++at_;
            if (!piece.part.text.empty()) out = std::move(piece.part.text);
        } else if (piece.at == piece.file.bytes) {
            ++at_;
        } else {
            out = co_await read(piece);
        }
    }
    co_return out;
}

asio::awaitable<void> AnswerStream::sent() {
    if (!receipt_.waiter || lost_) co_return;
    co_await note_answered(api_, receipt_.job, *receipt_.waiter);
    receipt_.waiter.reset();
}

asio::awaitable<std::optional<Reply>> reply_with(Api& api, Answer answer, Receipt receipt) {
    std::optional<Reply> reply(std::in_place, answer.status);
    if (!answer.final) receipt.waiter.reset();
    auto opened = co_await open_answer(api, std::move(answer));
    if (!opened) co_return std::nullopt;
    reply->stream_bytes = opened->bytes;
    reply->stream = std::make_unique<AnswerStream>(api, std::move(*opened), std::move(receipt));
    co_return reply;
}

asio::awaitable<Waited> wait_for_end(Api& api, proto::JobSeq job, const Answers::Waiter& waiter,
                                     proto::Duration most) {
    const auto end = std::chrono::steady_clock::now() + most;
    JobWaits::Wait wait(api.waits, job);
    while (true) {
        const FoundJob found = co_await find_job(api, job, false);
        if (!found.job) co_return Waited::ended;
        const proto::State state = found.job->record.state;
        if (proto::is_terminal(state) || state == proto::State::held) co_return Waited::ended;
        if (waiter.gone()) co_return Waited::alone;
        const auto left =
            std::chrono::ceil<proto::Duration>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) co_return Waited::time_up;
        const bool rung = co_await wait.wait(std::min(left, company_every));
        if (!rung && api.feed.closed()) co_return Waited::stopping;
    }
}

EventAnswer::EventAnswer(Api& api, Receipt receipt, Make make, std::string first)
    : api_(api), receipt_(std::move(receipt)), make_(std::move(make)), first_(std::move(first)) {}

asio::awaitable<void> EventAnswer::begin() {
    Answer answer = co_await make_();
    if (!answer.final) receipt_.waiter.reset();
    auto opened = co_await open_answer(api_, std::move(answer));
    if (!opened) throw std::runtime_error("a file of job " + receipt_.job.text() + " is gone");
    answer_ = std::make_unique<AnswerStream>(api_, std::move(*opened), std::move(receipt_));
}

asio::awaitable<std::optional<std::string>> EventAnswer::next() {
    std::optional<std::string> out;
    if (!first_.empty()) {
        out = std::exchange(first_, {});
        co_return out;
    }
    if (!answer_) {
        const Waited waited =
            co_await wait_for_end(api_, receipt_.job.seq(), *receipt_.waiter, company_every);
        if (waited == Waited::time_up) {
            out = ": the job is on its way\n\n";
            co_return out;
        }
        if (waited == Waited::alone) co_return out;
        // Where the daemon stops, the answer is that the job goes on: an end without one would be
        // taken for an empty one.
        co_await begin();
    }
    out = co_await answer_->next();
    co_return out;
}

asio::awaitable<void> EventAnswer::sent() {
    // Who has gone before his answer began has none.
    if (answer_) co_await answer_->sent();
}

}  // namespace genspool::daemon::gateway
