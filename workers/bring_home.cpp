#include "workers/bring_home.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "proto/media_signature.hpp"
#include "proto/output_template.hpp"
#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// Names tried for one artifact; a directory with so many of the same is a mistake.
constexpr std::uint32_t copies_max = 100'000;

std::string beneath_root(const std::string& name) {
    return "artifacts/" + name;
}

std::string parent(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

/// ".titles" of "speech/output.titles"; empty if it has none, or one that could be anything.
std::string ending_of(const std::string& member) {
    constexpr std::size_t bytes_max = 12;
    const std::size_t dot = member.rfind('.');
    const std::string ending = dot == std::string::npos ? std::string() : member.substr(dot);
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const bool good = ending.size() > 1 && ending.size() <= bytes_max &&
                      std::all_of(ending.begin() + 1, ending.end(), plain);
    return good ? ending : std::string();
}

/// No file can have that name there, however often it is tried.
bool cannot_be_there(const std::error_code& error) {
    constexpr std::array<std::errc, 6> reasons = {
        std::errc::not_a_directory,   std::errc::filename_too_long,
        std::errc::invalid_argument,  std::errc::too_many_symbolic_link_levels,
        std::errc::cross_device_link, std::errc::illegal_byte_sequence};
    return std::ranges::any_of(reasons, [&](std::errc reason) { return error == reason; });
}

}  // namespace

const std::string& BringHome::output() const {
    static const std::string by_id(proto::default_output);
    if (aside_) return by_id;
    const std::string& own = lease_.spec().output;
    return own.empty() ? tools_.options.output : own;
}

bool BringHome::steps_aside(const std::error_code& error) {
    if (aside_ || !cannot_be_there(error)) return false;
    aside_ = true;
    return true;
}

asio::awaitable<OutputFacts> BringHome::facts(std::uint32_t n) {
    const proto::JobRecord& record = lease_.record();
    OutputFacts facts;
    facts.id = record.id.text();
    // Most templates do not want to know.
    if (output().find("{batch}") != std::string::npos) {
        facts.batch = co_await tools_.queue.batch_id(record.batch);
    }
    facts.custom_id = lease_.spec().custom_id;
    facts.kind = proto::to_string(lease_.spec().kind);
    facts.n = n;
    facts.several = record.artifacts.size() > 1;
    co_return facts;
}

asio::awaitable<std::string> BringHome::part_path(std::uint32_t n) {
    const OutputFacts known = co_await facts(n);
    co_return beneath_root(part_name(output_name(output(), known, 1), known.id, n));
}

asio::awaitable<std::string> BringHome::pack_path(std::uint32_t n) {
    const OutputFacts known = co_await facts(n);
    co_return beneath_root(pack_name(output_name(output(), known, 1), known.id, n));
}

asio::awaitable<BringHome::End> BringHome::finish(std::uint32_t n, PartFile& part,
                                                  std::string media_type) {
    error_ = co_await part.sync();
    if (error_) {
        co_await part.remove();
        co_return End::disk;
    }
    GENSPOOL_KILL_POINT("fetch.part_synced");
    queue::ArtifactNamed named;
    named.n = n;
    named.media_type = std::move(media_type);
    named.bytes = part.bytes();
    named.sha256 = part.sha256();
    co_return co_await name_it(std::move(named), part.path());
}

asio::awaitable<BringHome::End> BringHome::finish(std::uint32_t n, Unpacked unpacked,
                                                  std::string media_type) {
    queue::ArtifactNamed named;
    named.n = n;
    named.media_type = std::move(media_type);
    named.bytes = unpacked.bytes;
    named.sha256 = std::move(unpacked.sha256);
    named.others = std::move(unpacked.others);
    std::string part = co_await part_path(n);
    co_return co_await name_it(std::move(named), std::move(part));
}

/// Finds a name that is free. Each is committed before it is tried.
asio::awaitable<BringHome::End> BringHome::name_it(queue::ArtifactNamed named, std::string part) {
    OutputFacts known = co_await facts(named.n);
    known.ext = proto::extension_of(named.media_type);
    if (known.ext.empty())
        known.ext = ending_of(lease_.record().artifacts.at(named.n).source.member);
    std::uint32_t copy = 0;
    while (++copy <= copies_max) {
        named.name = output_name(output(), known, copy);
        queue::Report report = named;
        if (!co_await lease_.report(std::move(report))) co_return End::stale;
        GENSPOOL_KILL_POINT("fetch.named");
        error_ = co_await tools_.files.rename(part, beneath_root(named.name));
        if (!error_) co_return co_await tell_home(named.n);
        if (steps_aside(error_)) {
            copy = 0;
        } else if (error_ != std::errc::file_exists) {
            co_return End::disk;
        }
    }
    co_return End::disk;
}

asio::awaitable<BringHome::End> BringHome::tell_home(std::uint32_t n) {
    GENSPOOL_KILL_POINT("fetch.in_place");
    queue::ArtifactHome home;
    home.n = n;
    queue::Report report = home;
    const bool taken = co_await lease_.report(std::move(report));
    GENSPOOL_KILL_POINT("fetch.home");
    co_return taken ? End::home : End::stale;
}

/// It may be what was bought: only a file that is not there, or cannot be, is absent.
bool BringHome::unreadable(const FileDigest& found) {
    error_ = found.error;
    return error_ && error_ != std::errc::no_such_file_or_directory && !cannot_be_there(error_);
}

asio::awaitable<BringHome::End> BringHome::settle(std::uint32_t n) {
    const proto::Artifact artifact = lease_.record().artifacts.at(n);
    const std::string final_path = beneath_root(artifact.name);
    const std::string part = beneath_root(part_name(artifact.name, lease_.record().id.text(), n));
    // As long as the part is there the file of that name, if any, is another job's.
    const FileDigest in_part = co_await tools_.files.digest(part);
    if (unreadable(in_part)) co_return End::disk;
    if (!in_part.error && in_part.sha256 == artifact.sha256) {
        // What is read may be what a life wrote that died before it synced it.
        error_ = co_await tools_.files.sync(part);
        if (error_) {
            // Another sync might succeed, and still mean nothing: it is brought anew. One that was
            // not tried, for want of a descriptor, says nothing.
            if (error_ == std::errc::io_error || error_ == std::errc::no_space_on_device)
                co_await tools_.files.remove(part);
            co_return End::disk;
        }
        queue::ArtifactNamed named;
        named.n = n;
        named.media_type = artifact.media_type;
        named.bytes = artifact.bytes;
        named.sha256 = artifact.sha256;
        co_return co_await name_it(std::move(named), part);
    }
    const FileDigest in_place = co_await tools_.files.digest(final_path);
    if (unreadable(in_place)) co_return End::disk;
    if (in_place.error || in_place.sha256 != artifact.sha256) co_return End::absent;
    error_ = co_await tools_.files.sync_directory(parent(final_path));
    if (error_) co_return End::disk;
    co_return co_await tell_home(n);
}

}  // namespace genspool::workers
