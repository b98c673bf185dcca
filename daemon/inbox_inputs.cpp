#include "daemon/inbox_inputs.hpp"

#include <fcntl.h>

#include <boost/json.hpp>
#include <exception>
#include <utility>

#include "daemon/file_stream.hpp"
#include "proto/file_names.hpp"
#include "workers/local_root.hpp"
#include "workers/media_signature.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

proto::Refused unusable(const std::string& path, const std::string& field, const std::string& why) {
    return {"input.missing", field, field + ": '" + path + "' in the watch folder " + why};
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

std::string reason_of(const std::error_code& error) {
    if (error == std::errc::no_such_file_or_directory) return "is not there";
    if (error == std::errc::cross_device_link) return "leads out of it";
    if (error == std::errc::invalid_argument) return "is no file";
    return "cannot be opened: " + error.message();
}

}  // namespace

asio::awaitable<InputsTaken> InboxInputs::take(std::string text) {
    InputsTaken taken;
    taken.text = std::move(text);
    proto::FileNames names(taken.text);
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
    if (opened.error) {
        found.refused = unusable(path, field, reason_of(opened.error));
    } else if (opened.identity.bytes > bytes_max_) {
        found.refused = unusable(path, field,
                                 "has more than the " + std::to_string(bytes_max_) +
                                     " bytes of [limits] body_bytes_max");
    } else if (InboxFolders::has_writer(opened.file.get())) {
        found.later = path + " is being written";
    } else {
        found = co_await copy(std::move(opened), path);
    }
    if (!found.name.empty()) known_.emplace(std::move(path), found.name);
    co_return found;
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
        if (!error && InboxFolders::identity(descriptor) != file.identity)
            found.later = path + " was written to meanwhile";
    } catch (const std::exception& thrown) {
        found.later = path + ": " + thrown.what();
    }
    if (error) found.later = path + " cannot be copied: " + error.message();
    if (!found.later.empty()) {
        co_await arrival.drop();
        co_return found;
    }
    std::string said(workers::media_type_of(path));
    workers::BlobKept kept = co_await arrival.keep(std::move(said));
    if (kept.error) {
        found.later = path + " cannot be kept: " + kept.error.message();
    } else if (kept.answer.errc != queue::Errc::ok) {
        found.later = std::move(kept.answer.detail);
    } else {
        found.name = proto::file_name_of(kept.sha256);
    }
    co_return found;
}

}  // namespace genspool::daemon
