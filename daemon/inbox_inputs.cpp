#include "daemon/inbox_inputs.hpp"

#include <fcntl.h>

#include <boost/json.hpp>
#include <exception>
#include <utility>

#include "daemon/file_stream.hpp"
#include "proto/file_names.hpp"
#include "proto/media_signature.hpp"
#include "proto/utf8.hpp"
#include "workers/local_root.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// Of so many files a job takes none: it is refused before the first of them is copied.
constexpr std::size_t files_a_job_max = 20;
constexpr std::size_t known_max = 10'000;
constexpr std::size_t quoted_bytes_max = 256;

proto::Refused unusable(const std::string& path, const std::string& field, const std::string& why) {
    // A batch keeps a refusal for each of its lines, so that it must not be as long as they are.
    const std::string place = proto::bounded_utf8(field, quoted_bytes_max);
    return {"input.missing", place,
            place + ": '" + proto::bounded_utf8(path, quoted_bytes_max) + "' in the watch folder " +
                why};
}

/// Blocks. Links are not followed in last place, and nowhere out of the folder.
FileOpened open_beneath(const std::string& folder, const std::string& path) {
    FileOpened opened;
    if (path.empty()) {
        opened.error = std::make_error_code(std::errc::invalid_argument);
        return opened;
    }
    const workers::LocalRoot root(folder, workers::Resolve::automatic);
    const auto place = root.find(path);
    // Not blocking: a pipe must not hold us up.
    auto file = place ? workers::LocalRoot::open_file(*place, O_RDONLY | O_NONBLOCK)
                      : workers::FileResult<workers::Descriptor>(place.error());
    if (!file) {
        opened.error = file.error();
        return opened;
    }
    opened.file = std::move(*file);
    opened.identity = InboxFolders::identity(opened.file.get());
    return opened;
}

/// Why it never can be opened; empty: it may be, later.
std::string flaw_of(const std::error_code& error) {
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
        return "is not there";
    if (error == std::errc::cross_device_link) return "leads out of it, or through a link";
    if (error == std::errc::invalid_argument || error == std::errc::is_a_directory)
        return "is no regular file";
    const bool unreadable = error == std::errc::permission_denied ||
                            error == std::errc::filename_too_long ||
                            error == std::errc::no_such_device_or_address;
    return unreadable ? "cannot be opened: " + error.message() : "";
}

}  // namespace

asio::awaitable<InputsTaken> InboxInputs::take(std::string text) {
    InputsTaken taken;
    taken.text = std::move(text);
    proto::FileNames names(taken.text);
    if (names.paths().size() > files_a_job_max) {
        const std::string& field = names.paths()[files_a_job_max].path;
        taken.refused = {"too_long", field, "a job takes at most 20 files"};
        co_return taken;
    }
    for (proto::FileName& file : names.paths()) {
        Found found = co_await hand_in(file.name, file.path);
        taken.refused = std::move(found.refused);
        taken.later = std::move(found.later);
        if (taken.refused || !taken.later.empty()) co_return taken;
        file.name = std::move(found.name);
    }
    if (!names.paths().empty()) taken.text = names.renamed();
    co_return taken;
}

asio::awaitable<InboxInputs::Found> InboxInputs::hand_in(std::string path, std::string field) {
    Found found;
    const auto known = known_.find(path);
    if (known != known_.end()) {
        found.name = known->second;
        co_return found;
    }
    auto open = [this, &path] { return open_beneath(folders_.inbox_path(), path); };
    FileOpened opened = co_await workers::on_pool(pool_, open);
    const std::string flaw = opened.error ? flaw_of(opened.error) : "";
    const std::string wait = opened.error ? opened.error.message() : not_ready(opened);
    if (!flaw.empty()) {
        found.refused = unusable(path, field, flaw);
    } else if (!wait.empty()) {
        found.later = path + ": " + wait;
    } else if (opened.identity.bytes > limits_.input_bytes_max) {
        found.refused = unusable(path, field,
                                 "has " + std::to_string(opened.identity.bytes) +
                                     " bytes; at most " + std::to_string(limits_.input_bytes_max) +
                                     " are taken ([limits] body_bytes_max)");
    } else {
        found = co_await copy(std::move(opened), path);
    }
    if (known_.size() >= known_max) known_.clear();
    if (!found.name.empty()) known_.emplace(std::move(path), found.name);
    co_return found;
}

/// Why somebody may be writing it still, in words; empty: nobody is. Whether it is open for writing
/// cannot always be asked, so its age counts as well.
std::string InboxInputs::not_ready(const FileOpened& file) const {
    if (InboxFolders::has_writer(file.file.get())) return "is being written";
    const bool young = file.identity.changed_at() + limits_.input_settle > clock_.now();
    return young ? "was written to a moment ago" : "";
}

asio::awaitable<InboxInputs::Found> InboxInputs::copy(FileOpened file, std::string path) {
    Found found;
    const int descriptor = file.file.get();
    FileStream stream(pool_, std::move(file.file), 0, file.identity.bytes);
    workers::BlobArrival arrival(blobs_);
    std::error_code error;
    try {
        std::optional<std::string> piece;
        do {
            piece = co_await stream.next();
            if (piece) error = co_await arrival.append(std::move(*piece));
        } while (piece && !error);
        const bool changed = InboxFolders::identity(descriptor) != file.identity ||
                             InboxFolders::has_writer(descriptor);
        if (!error && changed) found.later = path + " was written to meanwhile";
    } catch (const std::exception& thrown) {
        found.later = path + ": " + thrown.what();
    }
    if (error) found.later = path + " cannot be copied: " + error.message();
    if (!found.later.empty()) {
        co_await arrival.drop();
        co_return found;
    }
    std::string said(proto::media_type_of(path));
    workers::BlobKept kept = co_await arrival.keep(std::move(said));
    if (kept.error) {
        found.later = path + " cannot be kept: " + kept.error.message();
    } else if (kept.answer.errc != queue::Errc::ok) {
        found.later = path + " cannot be kept: " + kept.answer.detail;
    } else {
        found.name = proto::file_name_of(kept.sha256);
    }
    co_return found;
}

}  // namespace genspool::daemon
