// What was ordered, newest first; whoever ordered it.
#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>
#include <utility>

#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::uint64_t page_default = 30;
constexpr std::uint64_t page_max = 1'000;
constexpr std::uint64_t clips_default = 100;

/// So many a list counts at most.
constexpr std::uint64_t total_max = 10'000;

/// A page of a list, or why there is none.
struct Listed {
    json::array items;
    std::optional<Reply> refusal;

    Listed() = default;
};

/// Shows jobs that make such things, of the account that the request names.
asio::awaitable<void> visit(Api& api, std::string account, Word word, proto::JobSeq before,
                            std::function<bool(const queue::JobView&)> show) {
    std::function<bool(const queue::JobView&)> sift = [&](const queue::JobView& job) {
        const bool listed =
            word_of(job.spec.kind) == word && (account.empty() || is_at(job, account));
        return !listed || show(job);
    };
    queue::Filter filter;
    if (word == Word::image) filter.kind = proto::Kind::image;
    if (word == Word::audio) filter.kind = proto::Kind::tts;
    co_await visit_newest(api, provider, std::move(filter), before, std::move(sift));
}

/// Up to `limit` things behind the one that the parameter names.
asio::awaitable<Listed> list(Api& api, const Request& request, Word word, std::string_view last) {
    Listed listed;
    std::optional<Problem> problem;
    std::string account = listed_account(api, request, problem);
    if (problem) {
        listed.refusal = refused(*problem);
        co_return listed;
    }
    const std::uint64_t limit = count_parameter(request, "limit", page_default, page_max);
    const auto add = [&](const queue::JobView& job, std::size_t from) {
        const Link link = link_for(api, request, job);
        const std::size_t count = count_of(job, word);
        for (std::size_t n = from; n < count && listed.items.size() < limit; ++n)
            if (!is_deleted(job, n)) listed.items.emplace_back(shown(job, word, n, link));
        return listed.items.size() < limit;
    };
    proto::JobSeq before;
    const std::string after = parameter(request, last);
    if (!after.empty()) {
        const auto id = read_id(after);
        std::optional<Piece> piece;
        if (id && id->word == word) piece = co_await find_piece(api, *id);
        if (!piece) {
            listed.refusal = no_id(after);
            co_return listed;
        }
        before = piece->job.record.seq;
        if (!add(piece->job, piece->n + 1)) co_return listed;
    }
    std::function<bool(const queue::JobView&)> show = [&add](const queue::JobView& job) {
        return add(job, 0);
    };
    co_await visit(api, std::move(account), word, before, std::move(show));
    co_return listed;
}

}  // namespace

asio::awaitable<Reply> list_videos(Api& api, Request& request) {
    Listed listed = co_await list(api, request, Word::video, "lastVideoId");
    if (listed.refusal) co_return std::move(*listed.refusal);
    co_return answered(std::move(listed.items));
}

asio::awaitable<Reply> list_images(Api& api, Request& request) {
    Listed listed = co_await list(api, request, Word::image, "lastImageId");
    if (listed.refusal) co_return std::move(*listed.refusal);
    json::object answer;
    answer["images"] = std::move(listed.items);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> list_clips(Api& api, Request& request) {
    std::optional<Problem> problem;
    std::string account = listed_account(api, request, problem);
    if (problem) co_return refused(*problem);
    const std::uint64_t size = count_parameter(request, "page_size", clips_default, page_max);
    const std::uint64_t page = count_parameter(request, "page", 1, total_max);
    json::array clips;
    std::uint64_t total = 0;
    std::function<bool(const queue::JobView&)> show = [&](const queue::JobView& job) {
        if (is_deleted(job, 0)) return true;
        if (total / size + 1 == page)
            clips.emplace_back(listed_clip(job, link_for(api, request, job)));
        return ++total < total_max;
    };
    co_await visit(api, std::move(account), Word::audio, proto::JobSeq(), std::move(show));
    json::object answer;
    answer["audio_list"] = std::move(clips);
    answer["total"] = total;
    answer["has_more"] = page * size < total;
    co_return answered(std::move(answer));
}

}  // namespace genspool::daemon::gateway::useapi
