#include "tests/support/posix_mount.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace genspool::tests {
namespace {

constexpr std::errc done{};
PosixMount* the_mount = nullptr;

}  // namespace

PosixMount::PosixMount(std::shared_ptr<ForgetfulDisk> disk, std::string real, std::string on_disk)
    : disk_(std::move(disk)),
      real_(std::move(real)),
      on_disk_(std::move(on_disk)),
      life_(disk_->life()) {
    disk_->make_directory(life_, on_disk_);
    the_mount = this;
}

PosixMount::~PosixMount() {
    the_mount = nullptr;
}

PosixMount* PosixMount::current() {
    return the_mount;
}

void PosixMount::set_writer(const std::string& name, bool writes) {
    if (writes) {
        writers_.insert(on_disk_ + "/" + name);
    } else {
        writers_.erase(on_disk_ + "/" + name);
    }
}

int PosixMount::fail(std::errc error) {
    errno = static_cast<int>(error);
    return -1;
}

bool PosixMount::has(const char* path) const {
    const std::string_view text(path);
    return text.starts_with(real_) && (text.size() == real_.size() || text[real_.size()] == '/');
}

std::string PosixMount::on_disk(const std::string& path) const {
    return on_disk_ + path.substr(real_.size());
}

std::string PosixMount::at(int directory, const char* name) const {
    const Opened* const opened = find(directory);
    return opened == nullptr ? std::string() : opened->path + "/" + name;
}

auto PosixMount::find(int descriptor) const -> const Opened* {
    const auto found = opened_.find(descriptor);
    return found == opened_.end() ? nullptr : &found->second;
}

int PosixMount::open(const char* path, int flags) {
    const std::string place = on_disk(path);
    // The directories of a state directory are made by whoever opens them.
    if ((flags & O_DIRECTORY) != 0) disk_->make_directory(life_, place);
    return open_on_disk(place, flags);
}

int PosixMount::openat(int directory, const char* name, int flags) {
    const std::string_view text(name);
    if (text == ".") return open_on_disk(find(directory)->path, flags);
    return open_on_disk(at(directory, name), flags);
}

int PosixMount::open_on_disk(const std::string& path, int flags) {
    if (crowded_) return fail(std::errc::too_many_files_open);
    Opened opened;
    opened.path = path;
    const auto directory = disk_->is_directory(life_, path);
    if (!directory) return fail(directory.error());
    opened.directory = *directory;
    if (!opened.directory) {
        const auto there = disk_->exists(life_, path);
        if (!there) return fail(there.error());
        if (!*there && (flags & O_CREAT) == 0) return fail(std::errc::no_such_file_or_directory);
        if (!*there && write_error_ != done) return fail(write_error_);
        auto handle = disk_->open(life_, path, ForgetfulDisk::Opening::appending);
        if (!handle) return fail(handle.error());
        opened.handle = std::move(*handle);
        const bool cut = *there && (flags & O_TRUNC) != 0;
        const std::errc error = cut ? disk_->truncate(opened.handle, 0) : done;
        if (error != done) return fail(error);
    }
    const int descriptor = next_++;
    opened_.emplace(descriptor, std::move(opened));
    return descriptor;
}

int PosixMount::close(int descriptor) {
    return opened_.erase(descriptor) == 1 ? 0 : fail(std::errc::bad_file_descriptor);
}

int PosixMount::fsync(int descriptor) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    const std::errc error = opened->directory ? disk_->sync_directory(life_, opened->path)
                                              : disk_->sync(opened->handle);
    return error == done ? 0 : fail(error);
}

int PosixMount::ftruncate(int descriptor, std::int64_t length) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    const std::errc error = disk_->truncate(opened->handle, static_cast<std::uint64_t>(length));
    return error == done ? 0 : fail(error);
}

std::int64_t PosixMount::pread(int descriptor, void* to, std::size_t count, std::int64_t offset) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    const auto got = disk_->read(opened->handle, static_cast<std::uint64_t>(offset), count,
                                 static_cast<char*>(to));
    return got ? static_cast<std::int64_t>(*got) : fail(got.error());
}

std::int64_t PosixMount::pwrite(int descriptor, const void* from, std::size_t count,
                                std::int64_t offset) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    if (write_error_ != done) return fail(write_error_);
    const auto size = disk_->size(opened->handle);
    if (!size) return fail(size.error());
    // The disk knows appending only, and nobody does anything else.
    if (*size != static_cast<std::uint64_t>(offset)) return fail(std::errc::invalid_seek);
    const std::errc error = disk_->append(opened->handle, {static_cast<const char*>(from), count});
    return error == done ? static_cast<std::int64_t>(count) : fail(error);
}

int PosixMount::stat_on_disk(const std::string& path, struct stat* status) const {
    *status = {};
    status->st_dev = 1;
    const auto directory = disk_->is_directory(life_, path);
    if (!directory) return fail(directory.error());
    if (*directory) {
        status->st_mode = S_IFDIR | 0750;
        return 0;
    }
    const auto handle = disk_->open(life_, path, ForgetfulDisk::Opening::existing);
    if (!handle) return fail(handle.error());
    status->st_mode = S_IFREG | 0640;
    status->st_ino = handle->file->number;
    status->st_size = static_cast<std::int64_t>(handle->file->bytes.size());
    status->st_mtim.tv_nsec = static_cast<std::int64_t>(handle->file->changed_at);
    return 0;
}

int PosixMount::fstat(int descriptor, struct stat* status) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    if (opened->directory) return stat_on_disk(opened->path, status);
    const auto size = disk_->size(opened->handle);
    if (!size) return fail(size.error());
    *status = {};
    status->st_dev = 1;
    status->st_mode = S_IFREG | 0640;
    status->st_ino = opened->handle.file->number;
    status->st_size = static_cast<std::int64_t>(*size);
    status->st_mtim.tv_nsec = static_cast<std::int64_t>(opened->handle.file->changed_at);
    return 0;
}

int PosixMount::fstatat(int directory, const char* name, struct stat* status) {
    return stat_on_disk(at(directory, name), status);
}

int PosixMount::renameat(int from_directory, const char* from, int to_directory, const char* to,
                         bool replace) {
    const std::string target = at(to_directory, to);
    const auto there = disk_->exists(life_, target);
    if (!there) return fail(there.error());
    if (*there && !replace) return fail(std::errc::file_exists);
    const std::errc error = disk_->rename(life_, at(from_directory, from), target);
    return error == done ? 0 : fail(error);
}

int PosixMount::unlinkat(int directory, const char* name) {
    const std::errc error = disk_->remove(life_, at(directory, name));
    return error == done ? 0 : fail(error);
}

DIR* PosixMount::fdopendir(int descriptor) {
    const Opened* const opened = find(descriptor);
    const auto names = disk_->list(life_, opened == nullptr ? std::string() : opened->path);
    if (!names) {
        fail(names.error());
        return nullptr;
    }
    auto stream = std::make_unique<Stream>();
    stream->names = *names;
    // It is only ever handed back to us.
    auto* const handle = reinterpret_cast<DIR*>(stream.get());
    streams_.emplace(handle, std::move(stream));
    opened_.erase(descriptor);
    return handle;
}

dirent* PosixMount::readdir(DIR* handle) {
    Stream& stream = *streams_.at(handle);
    if (stream.next == stream.names.size()) return nullptr;
    const std::string& name = stream.names[stream.next++];
    const std::size_t bytes = std::min(name.size(), sizeof stream.entry.d_name - 1);
    std::memcpy(stream.entry.d_name, name.data(), bytes);
    stream.entry.d_name[bytes] = '\0';
    return &stream.entry;
}

int PosixMount::closedir(DIR* handle) {
    return streams_.erase(handle) == 1 ? 0 : fail(std::errc::bad_file_descriptor);
}

int PosixMount::lease(int descriptor) {
    const Opened* const opened = find(descriptor);
    if (opened == nullptr) return fail(std::errc::bad_file_descriptor);
    return writers_.contains(opened->path) ? fail(std::errc::resource_unavailable_try_again) : 0;
}

bool PosixMount::put(const std::string& path, std::string_view bytes) {
    const std::string place = on_disk_ + "/" + path;
    const std::string directory = place.substr(0, place.rfind('/'));
    const std::string making = directory + "/.making";
    disk_->make_directory(life_, directory);
    const auto handle = disk_->open(life_, making, ForgetfulDisk::Opening::fresh);
    return handle && disk_->append(*handle, bytes) == done && disk_->sync(*handle) == done &&
           disk_->rename(life_, making, place) == done &&
           disk_->sync_directory(life_, directory) == done;
}

bool PosixMount::add(const std::string& path, std::string_view bytes) {
    const auto handle = disk_->open(life_, on_disk_ + "/" + path, ForgetfulDisk::Opening::existing);
    return handle && disk_->append(*handle, bytes) == done && disk_->sync(*handle) == done;
}

std::optional<std::string> PosixMount::read(const std::string& path) const {
    const auto handle = disk_->open(life_, on_disk_ + "/" + path, ForgetfulDisk::Opening::existing);
    if (!handle) return std::nullopt;
    return handle->file->bytes;
}

std::vector<std::string> PosixMount::list(const std::string& path) const {
    const auto names = disk_->list(life_, on_disk_ + "/" + path);
    return names ? *names : std::vector<std::string>{};
}

}  // namespace genspool::tests
