#include "tests/support/forgetful_disk.hpp"

#include <random>
#include <utility>

namespace genspool::tests {
namespace {

constexpr std::errc done{};

std::uint64_t up_to(std::uint64_t max, std::mt19937_64& random) {
    return random() % (max + 1);
}

}  // namespace

FileKind file_kind(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    if (name.ends_with(".log")) {
        return FileKind::wal;
    }
    if (name.starts_with("MANIFEST-")) {
        return FileKind::manifest;
    }
    // CURRENT is written under a temporary name; OPTIONS has one that begins with its own.
    if (name == "CURRENT" || (name.ends_with(".dbtmp") && !name.starts_with("OPTIONS-"))) {
        return FileKind::current;
    }
    return name.ends_with(".sst") ? FileKind::table : FileKind::other;
}

ForgetfulDisk::ForgetfulDisk() {
    directories_["/"];
}

void ForgetfulDisk::power_cut() {
    const std::lock_guard lock(mutex_);
    drop_unsynced();
    end_life();
}

void ForgetfulDisk::power_cut(std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    cut(seed);
}

void ForgetfulDisk::cut_after(std::uint64_t n, std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    cut_countdown_ = n;
    cut_seed_ = seed;
}

bool ForgetfulDisk::ends_now(Life life) {
    if (life != life_) {
        return true;
    }
    if (cut_countdown_ == 0 || --cut_countdown_ > 0) {
        return false;
    }
    cut(cut_seed_);
    return true;
}

void ForgetfulDisk::cut(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    if (up_to(1, random) == 1) {
        sync_some(random);
    }
    drop_unsynced();
    end_life();
}

void ForgetfulDisk::sync_some(std::mt19937_64& random) {
    for (auto& [path, directory] : directories_) {
        const auto kept = up_to(directory.unsynced.size(), random);
        for (std::size_t i = 0; i < kept; ++i) {
            apply(directory.unsynced[i], directory.durable);
        }
        for (auto& [name, file] : directory.durable) {
            if (file->older && up_to(1, random) == 0) {
                continue;
            }
            file->older.reset();
            file->synced += up_to(file->bytes.size() - file->synced, random);
        }
    }
}

void ForgetfulDisk::drop_unsynced() {
    for (auto& [path, directory] : directories_) {
        directory.live = directory.durable;
        directory.unsynced.clear();
        for (auto& [name, file] : directory.live) {
            if (file->older) {
                file->bytes = *std::exchange(file->older, std::nullopt);
            } else {
                file->bytes.resize(file->synced);
            }
            file->synced = file->bytes.size();
        }
    }
}

void ForgetfulDisk::kill() {
    const std::lock_guard lock(mutex_);
    end_life();
}

void ForgetfulDisk::end_life() {
    ++life_;
    locks_.clear();
    fault_countdown_ = 0;
    cut_countdown_ = 0;
}

std::shared_ptr<ForgetfulDisk> ForgetfulDisk::copy() const {
    const std::lock_guard lock(mutex_);
    auto twin = std::make_shared<ForgetfulDisk>();
    std::map<FilePtr, FilePtr> twins{{nullptr, nullptr}};
    const auto twin_of = [&twins](const FilePtr& file) {
        auto& copied = twins[file];
        if (file && !copied) {
            copied = std::make_shared<File>(*file);
        }
        return copied;
    };
    for (const auto& [path, directory] : directories_) {
        auto& copied = twin->directories_[path];
        for (const auto& [name, file] : directory.live) {
            copied.live.emplace(name, twin_of(file));
        }
        for (const auto& [name, file] : directory.durable) {
            copied.durable.emplace(name, twin_of(file));
        }
        for (const auto& change : directory.unsynced) {
            auto& steps = copied.unsynced.emplace_back();
            for (const auto& [name, file] : change) {
                steps.emplace_back(name, twin_of(file));
            }
        }
    }
    twin->clock_ = clock_;
    return twin;
}

void ForgetfulDisk::fail_after(std::uint64_t n, Fault fault) {
    const std::lock_guard lock(mutex_);
    fault_countdown_ = n;
    fault_ = fault;
}

void ForgetfulDisk::set_judge(Judge judge) {
    const std::lock_guard lock(mutex_);
    judge_ = std::move(judge);
}

void ForgetfulDisk::ignore_sync(std::function<bool(const SyncCall&)> predicate) {
    const std::lock_guard lock(mutex_);
    ignore_sync_ = std::move(predicate);
}

DiskCounters ForgetfulDisk::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

std::optional<std::string> ForgetfulDisk::durable(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const std::size_t slash = path.rfind('/');
    const auto directory = directories_.find(path.substr(0, slash));
    if (directory == directories_.end()) return std::nullopt;
    const auto entry = directory->second.durable.find(path.substr(slash + 1));
    if (entry == directory->second.durable.end()) return std::nullopt;
    const File& file = *entry->second;
    return file.older ? *file.older : file.bytes.substr(0, file.synced);
}

std::uint64_t ForgetfulDisk::life() const {
    const std::lock_guard lock(mutex_);
    return life_;
}

std::errc errc_of(Fault fault) {
    return fault == Fault::no_space ? std::errc::no_space_on_device : std::errc::io_error;
}

std::optional<Fault> ForgetfulDisk::injected(DiskCall call, const std::string& path) {
    if (judge_) {
        const auto fault = judge_(call, path);
        if (fault == Fault::power_cut) {
            drop_unsynced();
            end_life();
        }
        if (fault) return fault;
    }
    const bool counted =
        call == DiskCall::write || call == DiskCall::sync || call == DiskCall::sync_directory;
    if (!counted || fault_countdown_ == 0 || --fault_countdown_ > 0) {
        return std::nullopt;
    }
    return fault_;
}

bool ForgetfulDisk::ignored(FileKind kind, const std::string& path) {
    const auto nth = ++syncs_by_kind_[kind];
    const bool left_out = ignore_sync_ && ignore_sync_({kind, path, nth});
    counters_.ignored_syncs += left_out ? 1 : 0;
    return left_out;
}

std::errc ForgetfulDisk::append(const Handle& handle, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (handle.life == life_ && cut_countdown_ == 1) {
        handle.file->bytes.append(bytes.substr(0, bytes.size() / 2));
    }
    if (ends_now(handle.life)) {
        return std::errc::io_error;
    }
    ++counters_.writes;
    const auto fault = injected(DiskCall::write, handle.path);
    if (fault == Fault::short_write) {
        bytes = bytes.substr(0, bytes.size() / 2);
    } else if (fault) {
        return errc_of(*fault);
    }
    counters_.bytes_written += bytes.size();
    handle.file->bytes.append(bytes);
    handle.file->changed_at = ++clock_;
    return fault ? errc_of(*fault) : done;
}

auto ForgetfulDisk::read(const Handle& handle, std::uint64_t offset, std::size_t count, char* out)
    -> Answer<std::size_t> {
    const std::lock_guard lock(mutex_);
    if (handle.life != life_) {
        return std::errc::io_error;
    }
    const auto& bytes = handle.file->bytes;
    return offset >= bytes.size() ? 0 : bytes.copy(out, count, offset);
}

std::errc ForgetfulDisk::sync(const Handle& handle) {
    const std::lock_guard lock(mutex_);
    if (ends_now(handle.life)) {
        return std::errc::io_error;
    }
    const auto kind = file_kind(handle.path);
    ++counters_.syncs;
    counters_.wal_syncs += kind == FileKind::wal ? 1 : 0;
    if (const auto fault = injected(DiskCall::sync, handle.path)) {
        return errc_of(*fault);
    }
    if (!ignored(kind, handle.path)) {
        handle.file->older.reset();
        handle.file->synced = handle.file->bytes.size();
    }
    return done;
}

std::errc ForgetfulDisk::truncate(const Handle& handle, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    if (ends_now(handle.life)) {
        return std::errc::io_error;
    }
    if (const auto fault = injected(DiskCall::truncate, handle.path)) {
        return errc_of(*fault);
    }
    auto& file = *handle.file;
    if (size < file.synced) {
        if (!file.older) {
            file.older = file.bytes.substr(0, file.synced);
        }
        file.synced = size;
    }
    file.bytes.resize(size);
    file.changed_at = ++clock_;
    return done;
}

auto ForgetfulDisk::size(const Handle& handle) -> Answer<std::uint64_t> {
    const std::lock_guard lock(mutex_);
    if (handle.life != life_) {
        return std::errc::io_error;
    }
    return handle.file->bytes.size();
}

auto ForgetfulDisk::changed_at(const Handle& handle) -> Answer<std::uint64_t> {
    const std::lock_guard lock(mutex_);
    if (handle.life != life_) {
        return std::errc::io_error;
    }
    return handle.file->changed_at;
}

}  // namespace genspool::tests
