#include "daemon/results_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "daemon/inbox_files.hpp"
#include "daemon/results_rewrite.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

using workers::Descriptor;

namespace {

std::string results_file(const std::string& name) {
    return name + ".jsonl";
}

std::string errors_file(const std::string& name) {
    return name + ".errors.jsonl";
}

std::string clean_file(const std::string& file) {
    return "." + file + ".new";
}

Descriptor open_for_writing(const Descriptor& directory, const std::string& file, int more) {
    const int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | more;
    Descriptor opened(::openat(directory.get(), file.c_str(), flags, 0640));
    if (!opened.open() && errno != ENOENT) throw_errno(file);
    return opened;
}

std::uint64_t length_of(const Descriptor& file) {
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) throw_errno("fstat");
    return static_cast<std::uint64_t>(status.st_size);
}

void truncate(const Descriptor& file, std::uint64_t length) {
    if (::ftruncate(file.get(), static_cast<off_t>(length)) != 0) throw_errno("ftruncate");
}

}  // namespace

ResultsFolder::ResultsFolder(const std::string& path) : directory_(open_directory(path)) {}

void ResultsFolder::restore(const std::string& name, const ResultsNote& note) const {
    if (note.phase == ResultsNote::Phase::renaming) rename_clean(name, note);
    cut(results_file(name), note.results);
    cut(errors_file(name), note.errors);
}

ResultsNote ResultsFolder::append(const std::string& name, ResultsNote note,
                                  const ResultLines& lines) const {
    if (!lines.results.empty()) {
        note.results = append_one(results_file(name), note.results, lines.results);
    }
    if (!lines.errors.empty()) {
        note.errors = append_one(errors_file(name), note.errors, lines.errors);
    }
    return note;
}

std::uint64_t ResultsFolder::append_one(const std::string& file, std::uint64_t length,
                                        std::string_view lines) const {
    // As long as nothing of it counts its name may not be on the disk for good: it may have been
    // made by an attempt that failed, or by a process that died, before that.
    bool fresh = length == 0;
    Descriptor opened = open_for_writing(directory_, file, 0);
    if (!opened.open()) {
        opened = open_for_writing(directory_, file, O_CREAT);
        fresh = true;
    }
    const std::uint64_t present = length_of(opened);
    if (present > length) truncate(opened, length);
    length = std::min(present, length);
    write_at(opened, lines, length);
    GENSPOOL_KILL_POINT("results.written");
    sync_file(opened);
    if (fresh) sync_directory(directory_);
    return length + lines.size();
}

void ResultsFolder::cut(const std::string& file, std::uint64_t length) const {
    const Descriptor opened = open_for_writing(directory_, file, 0);
    if (!opened.open() || length_of(opened) <= length) return;
    truncate(opened, length);
    GENSPOOL_KILL_POINT("results.cut");
    sync_file(opened);
}

ResultsNote ResultsFolder::rewrite(const std::string& name, ResultsNote note) const {
    const std::array files{results_file(name), errors_file(name)};
    std::array<Descriptor, 2> sources;
    std::array<Descriptor, 2> targets;
    for (std::size_t n = 0; n < files.size(); ++n) {
        const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
        sources.at(n) = Descriptor(::openat(directory_.get(), files.at(n).c_str(), flags));
        if (!sources.at(n).open() && errno != ENOENT) throw_errno(files.at(n));
        targets.at(n) = open_for_writing(directory_, clean_file(files.at(n)), O_CREAT | O_TRUNC);
    }
    const auto lengths = rewrite_results(sources, {note.results, note.errors}, targets);
    GENSPOOL_KILL_POINT("results.copied");
    for (const Descriptor& target : targets)
        sync_file(target);
    sync_directory(directory_);
    note.results = lengths[0];
    note.errors = lengths[1];
    note.phase = ResultsNote::Phase::renaming;
    note.again = false;
    return note;
}

void ResultsFolder::rename_clean(const std::string& name, const ResultsNote& note) const {
    const int directory = directory_.get();
    for (const std::string& file : {results_file(name), errors_file(name)}) {
        const std::string clean = clean_file(file);
        if (::renameat(directory, clean.c_str(), directory, file.c_str()) != 0 && errno != ENOENT) {
            throw_errno(clean);
        }
        GENSPOOL_KILL_POINT("results.renamed_one");
    }
    if (note.errors == 0) remove_file(directory_, errors_file(name));
    GENSPOOL_KILL_POINT("results.renamed");
    sync_directory(directory_);
}

void ResultsFolder::write_done(const std::string& name, std::string_view summary) const {
    const Descriptor results = open_for_writing(directory_, results_file(name), O_CREAT);
    write_file(directory_, name + ".done", summary);
}

void ResultsFolder::remove_done(const std::string& name) const {
    remove_file(directory_, name + ".done");
    GENSPOOL_KILL_POINT("results.done_removed");
    // Also where it is gone already: an attempt that failed, or a life that ended, may not have
    // come so far.
    sync_directory(directory_);
}

}  // namespace genspool::daemon
