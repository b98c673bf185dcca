// The directories of the ForgetfulDisk: names, and what becomes of them.
#include <algorithm>
#include <utility>

#include "tests/support/forgetful_disk.hpp"

namespace genspool::tests {
namespace {

constexpr std::errc done{};

std::string normal(std::string_view path) {
    std::string out = "/";
    for (const char c : path) {
        if (c != '/' || out.back() != '/') {
            out += c;
        }
    }
    if (out.size() > 1 && out.back() == '/') {
        out.pop_back();
    }
    return out;
}

/// What follows `directory` in `path`, or empty if the path does not lie beneath it.
std::string_view beneath(std::string_view path, std::string_view directory) {
    const auto length = directory == "/" ? 1 : directory.size() + 1;
    const bool inside =
        path.size() > length && path.starts_with(directory) && path[length - 1] == '/';
    return inside ? path.substr(length) : std::string_view{};
}

}  // namespace

void ForgetfulDisk::apply(const Change& change, Entries& entries) {
    for (const auto& [name, file] : change) {
        if (file) {
            entries[name] = file;
        } else {
            entries.erase(name);
        }
    }
}

void ForgetfulDisk::record(Directory& directory, Change change) {
    apply(change, directory.live);
    directory.unsynced.push_back(std::move(change));
}

void ForgetfulDisk::settle(Directory& directory) {
    for (const Change& change : directory.unsynced)
        apply(change, directory.durable);
    directory.unsynced.clear();
}

auto ForgetfulDisk::place(Life life, const std::string& path) -> Answer<Place> {
    if (life != life_) {
        return std::errc::io_error;
    }
    auto whole = normal(path);
    const auto slash = whole.rfind('/');
    const auto parent = directories_.find(slash == 0 ? "/" : whole.substr(0, slash));
    if (parent == directories_.end()) {
        return std::errc::no_such_file_or_directory;
    }
    auto name = whole.substr(slash + 1);
    return Place{&parent->second, std::move(whole), std::move(name)};
}

auto ForgetfulDisk::find(Life life, const std::string& path) -> Answer<FilePtr> {
    const auto found = place(life, path);
    if (!found) {
        return found.error();
    }
    const auto entry = found->directory->live.find(found->name);
    if (entry == found->directory->live.end()) {
        return std::errc::no_such_file_or_directory;
    }
    return entry->second;
}

auto ForgetfulDisk::open(Life life, const std::string& path, Opening opening) -> Answer<Handle> {
    const std::lock_guard lock(mutex_);
    const auto found = place(life, path);
    if (!found) {
        return found.error();
    }
    const auto& entries = found->directory->live;
    const auto entry = entries.find(found->name);
    if (entry == entries.end() && opening == Opening::existing) {
        return std::errc::no_such_file_or_directory;
    }
    if (entry != entries.end() && opening != Opening::fresh) {
        return Handle{life, found->path, entry->second};
    }
    if (ends_now(life)) {
        return std::errc::io_error;
    }
    if (const auto fault = injected(DiskCall::create, found->path)) {
        return errc_of(*fault);
    }
    auto file = std::make_shared<File>();
    file->changed_at = ++clock_;
    file->number = clock_;
    record(*found->directory, {{found->name, file}});
    return Handle{life, found->path, std::move(file)};
}

std::errc ForgetfulDisk::sync_directory(Life life, const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto directory = directories_.find(normal(path));
    if (ends_now(life) || directory == directories_.end()) {
        return std::errc::io_error;
    }
    ++counters_.directory_syncs;
    if (const auto fault = injected(DiskCall::sync_directory, directory->first)) {
        return errc_of(*fault);
    }
    if (!ignored(FileKind::directory, directory->first)) {
        settle(directory->second);
    }
    return done;
}

auto ForgetfulDisk::exists(Life life, const std::string& path) -> Answer<bool> {
    const std::lock_guard lock(mutex_);
    if (life != life_) {
        return std::errc::io_error;
    }
    return directories_.contains(normal(path)) || find(life, path).has_value();
}

auto ForgetfulDisk::is_directory(Life life, const std::string& path) -> Answer<bool> {
    const std::lock_guard lock(mutex_);
    if (life != life_) {
        return std::errc::io_error;
    }
    return directories_.contains(normal(path));
}

auto ForgetfulDisk::list(Life life, const std::string& path) -> Answer<std::vector<std::string>> {
    const std::lock_guard lock(mutex_);
    const auto whole = normal(path);
    const auto directory = directories_.find(whole);
    if (life != life_) {
        return std::errc::io_error;
    }
    if (directory == directories_.end()) {
        return std::errc::no_such_file_or_directory;
    }
    std::vector<std::string> names;
    for (const auto& [name, file] : directory->second.live) {
        names.push_back(name);
    }
    for (const auto& [other, entries] : directories_) {
        const auto name = beneath(other, whole);
        if (!name.empty() && name.find('/') == std::string_view::npos) {
            names.emplace_back(name);
        }
    }
    return names;
}

std::errc ForgetfulDisk::make_directory(Life life, const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto found = place(life, path);
    if (!found) {
        return found.error();
    }
    if (directories_.contains(found->path) || found->directory->live.contains(found->name)) {
        return std::errc::file_exists;
    }
    directories_[found->path];
    return done;
}

std::errc ForgetfulDisk::remove_directory(Life life, const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (life != life_) {
        return std::errc::io_error;
    }
    const auto whole = normal(path);
    const auto directory = directories_.find(whole);
    if (directory == directories_.end()) {
        return std::errc::no_such_file_or_directory;
    }
    const bool has_directories = std::ranges::any_of(
        directories_, [&](const auto& other) { return !beneath(other.first, whole).empty(); });
    if (has_directories || !directory->second.live.empty()) {
        return std::errc::directory_not_empty;
    }
    directories_.erase(directory);
    return done;
}

std::errc ForgetfulDisk::remove(Life life, const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (ends_now(life)) {
        return std::errc::io_error;
    }
    if (const auto file = find(life, path); !file) {
        return file.error();
    }
    const auto found = place(life, path);
    if (const auto fault = injected(DiskCall::remove, found->path)) {
        return errc_of(*fault);
    }
    record(*found->directory, {{found->name, nullptr}});
    return done;
}

std::errc ForgetfulDisk::rename(Life life, const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    if (ends_now(life)) {
        return std::errc::io_error;
    }
    const auto source = place(life, from);
    const auto target = place(life, to);
    if (!source || !target) {
        return source ? target.error() : source.error();
    }
    if (directories_.contains(source->path)) {
        return rename_directory(source->path, target->path);
    }
    const auto file = find(life, from);
    if (!file) {
        return file.error();
    }
    if (source->path == target->path) {
        return done;
    }
    if (const auto fault = injected(DiskCall::rename, target->path)) {
        return errc_of(*fault);
    }
    if (source->directory == target->directory) {
        record(*source->directory, {{target->name, *file}, {source->name, nullptr}});
        return done;
    }
    // Two directories cannot change atomically in this model. A journal would not let go of the
    // file either, so both are made durable; RocksDB itself renames within one directory.
    record(*target->directory, {{target->name, *file}});
    record(*source->directory, {{source->name, nullptr}});
    settle(*target->directory);
    settle(*source->directory);
    return done;
}

std::errc ForgetfulDisk::rename_directory(const std::string& from, const std::string& to) {
    if (directories_.contains(to) || !beneath(to, from).empty()) {
        return std::errc::file_exists;
    }
    std::map<std::string, Directory> renamed;
    for (auto& [path, directory] : directories_) {
        const auto rest = beneath(path, from);
        const bool stays = path != from && rest.empty();
        const auto moved = rest.empty() ? to : to + "/" + std::string(rest);
        renamed.emplace(stays ? path : moved, std::move(directory));
    }
    directories_ = std::move(renamed);
    return done;
}

std::errc ForgetfulDisk::link(Life life, const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    if (ends_now(life)) {
        return std::errc::io_error;
    }
    const auto file = find(life, from);
    const auto target = place(life, to);
    if (!file || !target) {
        return file ? target.error() : file.error();
    }
    if (target->directory->live.contains(target->name)) {
        return std::errc::file_exists;
    }
    record(*target->directory, {{target->name, *file}});
    return done;
}

auto ForgetfulDisk::links(Life life, const std::string& path) -> Answer<std::uint64_t> {
    const std::lock_guard lock(mutex_);
    const auto file = find(life, path);
    if (!file) {
        return file.error();
    }
    std::uint64_t count = 0;
    for (const auto& [where, directory] : directories_) {
        for (const auto& [name, other] : directory.live) {
            count += other == *file ? 1 : 0;
        }
    }
    return count;
}

std::errc ForgetfulDisk::lock(Life life, const std::string& path) {
    if (const auto file = open(life, path, Opening::appending); !file) {
        return file.error();
    }
    const std::lock_guard lock(mutex_);
    return locks_.insert(normal(path)).second ? done : std::errc::no_lock_available;
}

void ForgetfulDisk::unlock(Life life, const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (life == life_) {
        locks_.erase(normal(path));
    }
}

}  // namespace genspool::tests
