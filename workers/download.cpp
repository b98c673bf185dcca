#include "workers/download.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "bytes 100-199/200": the first byte and the total (nullopt for "*").
struct ContentRange {
    std::uint64_t first = 0;
    std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    if (!text.starts_with(unit)) return std::nullopt;
    text.remove_prefix(unit.size());
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos) return std::nullopt;
    const auto first = number(text.substr(0, dash));
    if (!first) return std::nullopt;
    return ContentRange{*first, number(text.substr(slash + 1))};
}

/// A weak one does not speak of single bytes, so it cannot carry a range.
bool strong(std::string_view etag) {
    return etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
}

/// Whether chunks say where the body ends.
bool chunked(std::string_view transfer_encoding) {
    constexpr std::string_view last = "chunked";
    if (transfer_encoding.size() < last.size()) return false;
    const std::string_view end = transfer_encoding.substr(transfer_encoding.size() - last.size());
    return ::strncasecmp(end.data(), last.data(), last.size()) == 0;
}

HttpCall get(std::string url, std::uint64_t bytes_max, bool public_hosts_only) {
    HttpCall call;
    call.url = std::move(url);
    call.reply_bytes_max = bytes_max;
    call.public_hosts_only = public_hosts_only;
    return call;
}

}  // namespace

asio::awaitable<DownloadEnd> Download::attempt(std::string url, std::uint64_t bytes_max,
                                               bool public_hosts_only) {
    status_ = 0;
    total_.reset();
    disk_error_.clear();
    reason_.clear();
    arrived_ = 0;
    too_slow_ = false;
    resuming_ = part_.open() && part_.bytes() > 0 && !etag_.empty();
    HttpCall call = get(std::move(url), bytes_max, public_hosts_only);
    if (resuming_) {
        call.headers.push_back({"Range", "bytes=" + std::to_string(part_.bytes()) + "-"});
        call.headers.push_back({"If-Range", etag_});
    }
    call.sink = this;
    const HttpReply reply = co_await http_.call(std::move(call));
    co_return judge(reply);
}

asio::awaitable<bool> Download::begin(HttpHead head) {
    waiting_since_ = clock_.now();
    waited_ = proto::Duration{0};
    waited_for_ = 0;
    status_ = head.status;
    if (status_ != 200 && status_ != 206) co_return false;
    media_type_ = head.header("Content-Type");
    endless_ = head.header("Content-Length").empty() && !chunked(head.header("Transfer-Encoding"));
    if (status_ == 206) {
        const auto range = parse_content_range(head.header("Content-Range"));
        if (!resuming_ || !range || range->first != part_.bytes()) {
            reason_ = "the server sent another range than the one asked for";
            etag_.clear();
            co_return false;
        }
        total_ = range->total;
        endless_ = endless_ && !total_;
        co_return true;
    }
    total_ = number(head.header("Content-Length"));
    const std::string_view etag = head.header("ETag");
    etag_ = strong(etag) ? std::string(etag) : std::string();
    part_.restart();
    co_return true;
}

asio::awaitable<bool> Download::write(std::string piece) {
    arrived_ += piece.size();
    const bool crumbs = only_crumbs(piece.size());
    disk_error_ = co_await part_.append(std::move(piece));
    // What the disk takes is not the server's time.
    waiting_since_ = clock_.now();
    const bool whole = total_ && part_.bytes() >= *total_;
    too_slow_ = crumbs && !whole && !disk_error_;
    co_return !disk_error_ && !too_slow_;
}

/// Whether the pieces, up to this one, that were waited for so long had next to nothing in them.
bool Download::only_crumbs(std::size_t bytes) {
    // A wall clock that jumps is no server's fault: no wait is longer than the client's patience.
    const proto::Duration wait = clock_.now() - waiting_since_;
    waited_ += std::min(wait, HttpDeadlines{}.idle);
    waited_for_ += bytes;
    if (waited_ < crumbs_wait) return false;
    const bool crumbs = waited_for_ < crumbs_bytes;
    waited_ = proto::Duration{0};
    waited_for_ = 0;
    return crumbs;
}

DownloadEnd Download::judge(const HttpReply& reply) {
    if (disk_error_) {
        reason_ = "the part file cannot be written: " + disk_error_.message();
        return DownloadEnd::disk;
    }
    if (reply.error == HttpError::cancelled) return DownloadEnd::cancelled;
    const bool stalled = reply.error == HttpError::timeout && reply.progress == HttpProgress::head;
    if (too_slow_ || stalled) {
        reason_ = "the download host sends next to nothing any more, after " +
                  std::to_string(arrived_) + " bytes";
        return arrived_ < crumbs_bytes ? DownloadEnd::slow : DownloadEnd::trouble;
    }
    if (status_ == 403 || status_ == 404 || status_ == 410) {
        reason_ = "the link is dead (HTTP " + std::to_string(status_) + ")";
        return DownloadEnd::refused;
    }
    if (status_ != 0 && status_ != 200 && status_ != 206) {
        reason_ = "the download host answered HTTP " + std::to_string(status_);
        if (status_ == 416) etag_.clear();
        return DownloadEnd::trouble;
    }
    if (!reason_.empty()) return DownloadEnd::trouble;
    if (reply.progress != HttpProgress::complete) {
        reason_ = reply.error_text.empty() ? std::string(to_string(reply.error)) : reply.error_text;
        return DownloadEnd::trouble;
    }
    if (part_.bytes() == 0 || (total_ && part_.bytes() != *total_)) {
        reason_ = std::to_string(part_.bytes()) + " bytes came" +
                  (total_ ? " of " + std::to_string(*total_) : std::string());
        etag_.clear();
        return DownloadEnd::trouble;
    }
    if (endless_ && !seen_before()) {
        reason_ = "nothing says where the file ends; it is fetched once more to compare";
        etag_.clear();
        return DownloadEnd::trouble;
    }
    return DownloadEnd::complete;
}

bool Download::seen_before() {
    const std::string last = std::exchange(endless_sha256_, part_.sha256());
    return last == endless_sha256_;
}

}  // namespace genspool::workers
