#include "workers/fetch_step.hpp"

#include <algorithm>
#include <utility>

#include "proto/media_signature.hpp"
#include "queue/kill_point.hpp"
#include "workers/download.hpp"
#include "workers/on_cpu.hpp"
#include "workers/poll_times.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

using From = proto::Source::From;
using Status = proto::Artifact::Status;

/// Attempts in a row that bring nothing new, before the step ends and the job waits its turn.
constexpr std::uint32_t fruitless_max = 3;
/// Attempts in all, for a server that hands out its file in crumbs.
constexpr std::uint32_t attempts_max = 30;
constexpr proto::Duration first_pause{1'000};
constexpr proto::Duration refused_pause{10'000};
/// Three times gone is over two minutes, as for a task.
constexpr proto::Duration gone_pause{60'000};
constexpr proto::Duration disk_pause{10'000};

proto::Failure failure(const std::string& code, std::string message) {
    proto::Failure lost;
    lost.failure = proto::FailureClass::artifact;
    lost.code = "artifact." + code;
    lost.message = std::move(message);
    return lost;
}

/// Some hosts take no plain connection, though the upstream's links say so. A link with a port of
/// its own means that port.
std::string over_tls(const std::string& url) {
    constexpr std::string_view plain = "http://";
    const std::string_view rest = std::string_view(url).substr(std::min(plain.size(), url.size()));
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    if (!url.starts_with(plain) || host.find(':') != host.npos) return url;
    return "https://" + std::string(rest);
}

/// Where the name of what the link leads to ends it.
std::string path_of(const std::string& url) {
    return url.substr(0, url.find_first_of("?#"));
}

/// What the attempts at one artifact have come to so far. Only the same answer to all of a row is
/// believed: hosts say "forbidden" and "no such file" also of what they have not got round to.
class Tries {
public:
    void note(DownloadEnd end, bool gone, bool grew) {
        fruitless_ = grew ? 0 : fruitless_ + 1;
        refused_ = end == DownloadEnd::refused ? refused_ + 1 : 0;
        gone_ = gone ? gone_ + 1 : 0;
    }
    bool enough() const { return fruitless_ >= fruitless_max; }

    proto::Duration pause() const {
        if (gone_ > 0) return gone_pause;
        if (refused_ > 0) return refused_pause;
        return first_pause * (1U << std::min(fruitless_, 2U));
    }

    /// Why the artifact will never come; nullopt: it may.
    std::optional<proto::Failure> verdict(From from, const std::string& reason) const {
        if (gone_ >= fruitless_max) return failure("gone", reason);
        const bool renewable = from != From::link;
        if (refused_ >= fruitless_max && !renewable) return failure("link_expired", reason);
        return std::nullopt;
    }

private:
    std::uint32_t fruitless_ = 0;
    std::uint32_t refused_ = 0;
    std::uint32_t gone_ = 0;
};

}  // namespace

FetchStep::FetchStep(Tools& tools, Lease& lease)
    : tools_(tools), lease_(lease), home_(tools, lease), links_(tools, lease) {}

asio::awaitable<void> FetchStep::run() {
    codec_ = tools_.registry.codec(lease_.spec().op);
    const std::size_t count = lease_.record().artifacts.size();
    for (std::uint32_t n = 0; n < count; ++n) {
        if (co_await bring(n) == Next::stop) co_return;
    }
    if (more_ && !later_) {
        queue::FetchLater others;
        others.at = tools_.clock.now();
        others.trouble = false;
        later_ = std::move(others);
    }
    if (!moved_ && !later_) later("there is no artifact to fetch");
    if (later_) {
        queue::Report report = std::move(*later_);
        co_await lease_.finish(std::move(report));
        co_return;
    }
    // The last artifact ended the job, and with it the step.
    lease_.abandon();
    co_await forget_spool();
}

bool FetchStep::ours(const proto::Artifact& artifact) const {
    return artifact.source.send == lease_.record().send;
}

/// Where artifact n stands among those of its own purchase.
std::size_t FetchStep::index_in_send(std::uint32_t n) const {
    const auto& artifacts = lease_.record().artifacts;
    const auto before = std::count_if(artifacts.begin(), artifacts.begin() + n,
                                      [this](const auto& artifact) { return ours(artifact); });
    return static_cast<std::size_t>(before);
}

asio::awaitable<FetchStep::Next> FetchStep::bring(std::uint32_t n) {
    Next next = Next::go_on;
    do {
        aside_ = false;
        next = co_await try_to_bring(n);
    } while (aside_);
    co_return next;
}

asio::awaitable<FetchStep::Next> FetchStep::try_to_bring(std::uint32_t n) {
    const proto::Artifact& artifact = lease_.record().artifacts.at(n);
    const bool wanted = artifact.status == Status::open || artifact.status == Status::named;
    if (!ours(artifact) || !wanted) co_return Next::go_on;
    if (artifact.status == Status::named) {
        const BringHome::End end = co_await home_.settle(n);
        if (end != BringHome::End::absent) co_return co_await ended(end);
    }
    if (artifact.source.from == From::reply) co_return co_await extract(n);
    co_return co_await download(n);
}

asio::awaitable<FetchStep::Next> FetchStep::extract(std::uint32_t n) {
    const proto::Artifact artifact = lease_.record().artifacts.at(n);
    if (!codec_) {
        later("this version has no op " + lease_.spec().op);
        co_return Next::go_on;
    }
    if (!spooled_) {
        const std::string path = spool_path(lease_.record().id, artifact.source.send);
        SpoolRead read = co_await read_spool(tools_.files, path);
        if (read.error) {
            later("the spooled reply cannot be read: " + read.error.message());
            co_return Next::go_on;
        }
        spooled_ = std::move(read.reply);
    }
    if (!spooled_) {
        proto::Failure gone =
            failure("spool_missing", "the spooled reply that holds it is gone or damaged");
        co_return co_await lose(n, std::move(gone));
    }
    proto::ExtractOutcome outcome;
    {
        const OnCpu busy(tools_.on_cpu, lease_.record().seq);
        outcome = codec_->extract(lease_.spec(), spooled_->reply, index_in_send(n));
    }
    if (std::holds_alternative<proto::Failure>(outcome)) {
        proto::Failure why = std::get<proto::Failure>(std::move(outcome));
        co_return co_await lose(n, std::move(why));
    }
    std::string bytes = std::get<std::string>(std::move(outcome));
    PartFile part(tools_.files, co_await home_.part_path(n), tools_.options.part_gather_bytes);
    part.restart();
    const std::error_code error = co_await part.append(std::move(bytes));
    if (error) {
        co_await part.remove();
        co_await disk_trouble(error, "the part file cannot be written");
        co_return Next::go_on;
    }
    std::optional<std::string> type = proto::brought_type(artifact.media_type, {}, {}, part.head());
    if (!type) {
        co_await part.remove();
        proto::Failure wrong =
            failure("signature", "what the reply holds is no " + artifact.media_type);
        co_return co_await lose(n, std::move(wrong));
    }
    const BringHome::End end = co_await home_.finish(n, part, std::move(*type));
    if (end == BringHome::End::stale) co_await part.remove();
    co_return co_await ended(end);
}

asio::awaitable<FetchStep::Next> FetchStep::download(std::uint32_t n) {
    const proto::Artifact artifact = lease_.record().artifacts.at(n);
    const bool packed = artifact.source.packed;
    std::string path;
    if (packed) {
        path = co_await home_.pack_path(n);
    } else {
        path = co_await home_.part_path(n);
    }
    PartFile part(tools_.files, std::move(path), tools_.options.part_gather_bytes);
    Download download(tools_.http, part, tools_.clock);
    std::string reason;
    Tries tries;
    bool tls = false;
    for (std::uint32_t attempt = 0; attempt < attempts_max; ++attempt) {
        const std::uint64_t before = part.bytes();
        const FoundLink link = co_await links_.find(artifact.source);
        DownloadEnd end = link.cancelled ? DownloadEnd::cancelled : DownloadEnd::trouble;
        reason = link.trouble;
        if (!link.url.empty()) {
            std::string url = tls ? over_tls(link.url) : link.url;
            end = co_await download.attempt(std::move(url), tools_.options.artifact_bytes_max,
                                            tools_.options.public_download_hosts_only);
            reason = download.reason();
        }
        const std::string said = download.media_type();
        if (end == DownloadEnd::complete && packed) co_return co_await unpack(n, part, said);
        std::optional<std::string> type =
            proto::brought_type(artifact.media_type, said, path_of(link.url), part.head());
        if (end == DownloadEnd::complete && type) {
            const BringHome::End there = co_await home_.finish(n, part, std::move(*type));
            if (there == BringHome::End::stale) co_await part.remove();
            co_return co_await ended(there);
        }
        if (end == DownloadEnd::complete) {
            const std::string wanted = artifact.media_type.empty() ? "file" : artifact.media_type;
            reason = "what was sent is no " + wanted + " (" + said + ")";
            download.forget();
        }
        if (end == DownloadEnd::disk) {
            co_await part.remove();
            co_await disk_trouble(download.disk_error(), "the part file cannot be written");
            co_return Next::go_on;
        }
        const bool grew = end == DownloadEnd::trouble && part.bytes() > before;
        tries.note(end, link.gone, grew);
        if (end == DownloadEnd::trouble && !grew && !link.url.empty()) tls = !tls;
        if (tries.enough()) break;
        // Only so many are fetched at once, and what there is of this one is soon had again.
        if (end == DownloadEnd::slow && part.bytes() < Download::crumbs_bytes) break;
        const proto::Instant again = tools_.clock.now() + tries.pause();
        if (end == DownloadEnd::cancelled || !co_await tools_.clock.sleep_until(again)) {
            lease_.abandon();
            co_return Next::stop;
        }
    }
    co_await part.remove();
    std::optional<proto::Failure> dead = tries.verdict(artifact.source.from, reason);
    if (dead) co_return co_await lose(n, std::move(*dead));
    later(reason);
    co_return Next::go_on;
}

/// The archive is there: one file comes out of it, and the others are artifacts of their own. What
/// is no archive is the file itself.
asio::awaitable<FetchStep::Next> FetchStep::unpack(std::uint32_t n, PartFile& pack,
                                                   std::string said) {
    const std::string member = lease_.record().artifacts.at(n).source.member;
    const std::error_code unsynced = co_await pack.sync();
    Unpacked unpacked;
    unpacked.error = unsynced;
    if (!unsynced) {
        const std::string part = co_await home_.part_path(n);
        unpacked = co_await tools_.files.unpack(pack.path(), member,
                                                tools_.options.artifact_bytes_max, part);
    }
    if (unpacked.error) {
        co_await pack.remove();
        co_await disk_trouble(unpacked.error, "the archive cannot be unpacked");
        co_return Next::go_on;
    }
    std::optional<std::string> bare = proto::brought_type({}, said, {}, pack.head());
    if (unpacked.bare && !bare) {
        co_await pack.remove();
        later("what was sent is neither an archive nor a sound file (" + said + ")");
        co_return Next::go_on;
    }
    if (unpacked.bare) {
        const BringHome::End end = co_await home_.finish(n, pack, std::move(*bare));
        co_return co_await ended(end);
    }
    const std::string_view promised = proto::media_type_of(unpacked.member);
    std::optional<std::string> type = proto::brought_type(promised, {}, {}, unpacked.head);
    if (unpacked.trouble.empty() && !type)
        unpacked.trouble = unpacked.member + " is no " + std::string(promised);
    if (!unpacked.trouble.empty()) {
        co_await pack.remove();
        proto::Failure wrong = failure("archive", "the archive is of no use: " + unpacked.trouble);
        co_return co_await lose(n, std::move(wrong));
    }
    // Who asks for a member by its name knows them all.
    if (!member.empty()) unpacked.others.clear();
    more_ = more_ || !unpacked.others.empty();
    const BringHome::End end = co_await home_.finish(n, std::move(unpacked), std::move(*type));
    if (end != BringHome::End::disk) co_await pack.remove();
    co_return co_await ended(end);
}

asio::awaitable<FetchStep::Next> FetchStep::ended(BringHome::End end) {
    if (end == BringHome::End::home) {
        moved_ = true;
        co_return Next::go_on;
    }
    if (end == BringHome::End::disk) {
        co_await disk_trouble(home_.error(), "it cannot be brought home");
        co_return Next::go_on;
    }
    lease_.abandon();
    co_return Next::stop;
}

asio::awaitable<FetchStep::Next> FetchStep::lose(std::uint32_t n, proto::Failure why) {
    moved_ = true;
    lost_some_ = true;
    queue::ArtifactLost lost;
    lost.n = n;
    lost.failure = std::move(why);
    queue::Report report = std::move(lost);
    const bool taken = co_await lease_.report(std::move(report));
    if (!taken) lease_.abandon();
    co_return taken ? Next::go_on : Next::stop;
}

void FetchStep::later(std::string reason, proto::Instant at) {
    queue::FetchLater fresh;
    fresh.reason = std::move(reason);
    fresh.at = at;
    later_ = std::move(fresh);
}

void FetchStep::later(std::string reason) {
    later(std::move(reason),
          next_fetch(lease_.record().fetch_troubles, tools_.clock.now(), tools_.random));
}

asio::awaitable<void> FetchStep::disk_trouble(std::error_code error, std::string what) {
    std::string reason = what + ": " + error.message();
    aside_ = home_.steps_aside(error);
    const std::string event = aside_ ? "output_aside" : "fetch_failed";
    tools_.log("event=" + event + " job=" + lease_.record().id.text() + " reason=\"" + reason +
               "\"");
    if (aside_) co_return;
    if (!means_full(error)) {
        later(std::move(reason));
        co_return;
    }
    co_await tools_.disk.full();
    later(std::move(reason), tools_.clock.now() + disk_pause);
}

/// All that lay in the spooled reply is home. What was lost may be wanted again by a person.
asio::awaitable<void> FetchStep::forget_spool() {
    bool spooled = false;
    bool lost = lost_some_;  // by this step; an earlier one may have lost others
    for (const proto::Artifact& artifact : lease_.record().artifacts) {
        if (!ours(artifact) || artifact.source.from != From::reply) continue;
        spooled = true;
        lost = lost || artifact.status == Status::lost;
    }
    if (!spooled || lost || tools_.keep_spool) co_return;
    co_await tools_.files.remove(spool_path(lease_.record().id, lease_.record().send));
    GENSPOOL_KILL_POINT("fetch.spool_removed");
}

}  // namespace genspool::workers
