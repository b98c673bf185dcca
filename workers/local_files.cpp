#include "workers/local_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "queue/kill_point.hpp"
#include "workers/digest.hpp"
#include "workers/local_listing.hpp"
#include "workers/local_output.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;

/// Reads up to `count` bytes from the file's place; fewer only at its end.
FileResult<std::string> read_up_to(int file, std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const ssize_t got = ::read(file, bytes.data() + filled, count - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error(errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

FileResult<std::uint64_t> size_of(int file) {
    struct stat status = {};
    if (::fstat(file, &status) != 0) return file_error(errno);
    return static_cast<std::uint64_t>(status.st_size);
}

FileBytes bytes_or_error(FileResult<std::string> bytes) {
    if (bytes.has_error()) return {bytes.error(), {}};
    return {{}, std::move(*bytes)};
}

OpenedFile output_or_error(FileResult<std::unique_ptr<LocalOutput>> output) {
    if (output.has_error()) return {output.error(), nullptr};
    return {{}, std::move(*output)};
}

/// Renames without replacing by a second name: both exist for a moment, none is ever lost.
int rename_by_link(const Place& from, const Place& to) {
    const int source = from.directory.get();
    if (::linkat(source, from.name.c_str(), to.directory.get(), to.name.c_str(), 0) != 0) return -1;
    return ::unlinkat(source, from.name.c_str(), 0);
}

int rename_without_replacing(const Place& from, const Place& to) {
    const int done = ::renameat2(from.directory.get(), from.name.c_str(), to.directory.get(),
                                 to.name.c_str(), RENAME_NOREPLACE);
    // The file system, or the kernel, does not know the flag.
    if (done != 0 && (errno == EINVAL || errno == ENOSYS)) return rename_by_link(from, to);
    return done;
}

class FileArchive : public ArchiveBytes {
public:
    explicit FileArchive(int file) : file_(file) {}

    std::ptrdiff_t read(char* into, std::size_t count) override {
        while (true) {
            const ssize_t got = ::read(file_, into, count);
            if (got >= 0 || errno != EINTR) return got;
        }
    }
    void rewind() override { ::lseek(file_, 0, SEEK_SET); }

private:
    int file_;
};

}  // namespace

LocalFiles::LocalFiles(FilePool& pool, const std::string& directory, LocalFilesOptions options)
    : pool_(pool),
      root_(directory, options.resolve),
      options_(std::move(options)),
      directories_(pool) {}

asio::awaitable<OpenedFile> LocalFiles::create(std::string path) {
    auto work = [this, &path] { return open_output(path); };
    auto opened = co_await on_pool(pool_, work);
    co_return output_or_error(std::move(opened));
}

asio::awaitable<std::error_code> LocalFiles::store(std::string path, std::string bytes) {
    auto work = [this, &path, &bytes] { return store_now(path, bytes); };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

asio::awaitable<std::error_code> LocalFiles::sync(std::string path) {
    auto work = [this, &path] {
        const auto file = open_input(path);
        if (file.has_error()) return file.error();
        return ::fsync(file->get()) == 0 ? std::error_code() : file_error(errno);
    };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

asio::awaitable<Unpacked> LocalFiles::unpack(std::string from, std::string member,
                                             std::uint64_t bytes_max, std::string to) {
    auto work = [this, &from, &member, bytes_max, &to] {
        return unpack_now(from, member, bytes_max, to);
    };
    auto unpacked = co_await on_pool(pool_, work);
    co_return unpacked;
}

asio::awaitable<FileBytes> LocalFiles::read(std::string path, std::uint64_t bytes_max) {
    auto work = [this, &path, bytes_max] { return read_bytes(path, bytes_max); };
    auto bytes = co_await on_pool(pool_, work);
    co_return bytes;
}

asio::awaitable<FileBytes> LocalFiles::read_hashed(std::string path, std::uint64_t bytes_max) {
    auto work = [this, &path, bytes_max] {
        FileBytes read = read_bytes(path, bytes_max);
        if (!read.error) read.sha256 = sha256_hex(read.bytes);
        return read;
    };
    auto bytes = co_await on_pool(pool_, work);
    co_return bytes;
}

asio::awaitable<FileBytes> LocalFiles::read_head(std::string path, std::size_t count) {
    auto work = [this, &path, count] { return read_first(path, count); };
    auto bytes = co_await on_pool(pool_, work);
    co_return bytes;
}

asio::awaitable<FileDigest> LocalFiles::digest(std::string path) {
    auto work = [this, &path] { return digest_bytes(path); };
    auto digest = co_await on_pool(pool_, work);
    co_return digest;
}

asio::awaitable<std::error_code> LocalFiles::rename(std::string from, std::string to) {
    auto work = [this, &from, &to] { return move(from, to); };
    auto directory = co_await on_pool(pool_, work);
    if (directory.has_error()) co_return directory.error();
    const std::error_code error = co_await directories_.sync(std::move(*directory));
    co_return error;
}

asio::awaitable<std::error_code> LocalFiles::remove(std::string path) {
    auto work = [this, &path] { return unlink(path); };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

asio::awaitable<std::error_code> LocalFiles::sync_directory(std::string path) {
    auto work = [this, &path] {
        const auto directory = root_.open_directory(path);
        if (directory.has_error()) return directory.error();
        return ::fsync(directory->get()) == 0 ? std::error_code() : file_error(errno);
    };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

asio::awaitable<std::vector<std::string>> LocalFiles::list(std::string path) {
    auto work = [this, &path] { return names_in(root_, path); };
    auto found = co_await on_pool(pool_, work);
    co_return found;
}

asio::awaitable<std::vector<std::string>> LocalFiles::find(std::string path, std::string ending) {
    auto work = [this, &path, &ending] { return files_ending(root_, path, ending); };
    auto found = co_await on_pool(pool_, work);
    co_return found;
}

asio::awaitable<std::optional<std::uint64_t>> LocalFiles::space_left() {
    auto work = [this] { return free_bytes(); };
    const auto bytes = co_await on_pool(pool_, work);
    co_return bytes;
}

FileResult<std::unique_ptr<LocalOutput>> LocalFiles::open_output(const std::string& path) {
    const auto place = root_.make(path);
    if (place.has_error()) return place.error();
    auto file = LocalRoot::open_file(*place, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
    if (file.has_error()) return file.error();
    GENSPOOL_KILL_POINT("files.created");
    const auto bytes = size_of(file->get());
    if (bytes.has_error()) return bytes.error();
    return std::make_unique<LocalOutput>(pool_, std::move(*file), *bytes, options_.quota);
}

/// In the place of whatever has the name.
FileResult<std::unique_ptr<LocalOutput>> LocalFiles::open_fresh(const std::string& path) {
    auto output = open_output(path);
    if (output.has_error() && output.error() == std::errc::file_exists) {
        const std::error_code removed = unlink(path);
        if (removed) return removed;
        output = open_output(path);
    }
    return output;
}

std::error_code LocalFiles::store_now(const std::string& path, std::string_view bytes) {
    auto output = open_fresh(path);
    if (output.has_error()) return output.error();
    const std::error_code error = (*output)->append_now(bytes);
    return error ? error : (*output)->sync_now();
}

Unpacked LocalFiles::unpack_now(const std::string& from, const std::string& member,
                                std::uint64_t bytes_max, const std::string& to) {
    Unpacked unpacked;
    const auto input = open_input(from);
    if (input.has_error()) {
        unpacked.error = input.error();
        return unpacked;
    }
    auto output = open_fresh(to);
    if (output.has_error()) {
        unpacked.error = output.error();
        return unpacked;
    }
    FileArchive archive(input->get());
    unpacked = workers::unpack(archive, member, bytes_max, [&](std::string_view piece) {
        return (*output)->append_now(piece);
    });
    if (unpacked.good()) unpacked.error = (*output)->sync_now();
    if (!unpacked.good()) unlink(to);
    return unpacked;
}

FileResult<Descriptor> LocalFiles::open_input(const std::string& path) const {
    const auto place = root_.find(path);
    if (place.has_error()) return place.error();
    return LocalRoot::open_file(*place, O_RDONLY);
}

FileBytes LocalFiles::read_bytes(const std::string& path, std::uint64_t bytes_max) const {
    const auto file = open_input(path);
    if (file.has_error()) return {file.error(), {}};
    const auto size = size_of(file->get());
    if (size.has_error()) return {size.error(), {}};
    if (*size > bytes_max) return {file_error(EFBIG), {}};
    return bytes_or_error(read_up_to(file->get(), static_cast<std::size_t>(*size)));
}

FileBytes LocalFiles::read_first(const std::string& path, std::size_t count) const {
    const auto file = open_input(path);
    if (file.has_error()) return {file.error(), {}};
    return bytes_or_error(read_up_to(file->get(), count));
}

FileDigest LocalFiles::digest_bytes(const std::string& path) const {
    FileDigest result;
    const auto file = open_input(path);
    if (file.has_error()) {
        result.error = file.error();
        return result;
    }
    Sha256 digest;
    while (true) {
        const auto piece = read_up_to(file->get(), piece_bytes);
        if (piece.has_error()) {
            result.error = piece.error();
            return result;
        }
        digest.update(*piece);
        result.bytes += piece->size();
        if (piece->size() < piece_bytes) break;
    }
    result.sha256 = digest.hex();
    return result;
}

FileResult<Descriptor> LocalFiles::move(const std::string& from, const std::string& to) const {
    const auto source = root_.find(from);
    if (source.has_error()) return source.error();
    auto target = root_.make(to);
    if (target.has_error()) return target.error();
    const int done = options_.rename_by_link ? rename_by_link(*source, *target)
                                             : rename_without_replacing(*source, *target);
    if (done != 0) return file_error(errno);
    GENSPOOL_KILL_POINT("files.renamed");
    return std::move(target->directory);
}

std::error_code LocalFiles::unlink(const std::string& path) const {
    const auto place = root_.find(path);
    std::error_code error;
    GENSPOOL_KILL_POINT("files.before_remove");
    if (place.has_error()) {
        error = place.error();
    } else if (::unlinkat(place->directory.get(), place->name.c_str(), 0) != 0) {
        error = file_error(errno);
    }
    GENSPOOL_KILL_POINT("files.removed");
    return error == std::errc::no_such_file_or_directory ? std::error_code() : error;
}

std::optional<std::uint64_t> LocalFiles::free_bytes() const {
    std::optional<std::uint64_t> bytes;
    if (options_.quota) bytes = options_.quota->left();
    const auto directory = root_.open_directory("");
    struct statvfs status = {};
    if (directory.has_error() || ::fstatvfs(directory->get(), &status) != 0) return bytes;
    const std::uint64_t disk = std::uint64_t{status.f_bavail} * status.f_frsize;
    return bytes ? std::min(*bytes, disk) : disk;
}

}  // namespace genspool::workers
