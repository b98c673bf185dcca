#include "tests/support/sim_files.hpp"

#include <rocksdb/env.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "workers/digest.hpp"

namespace genspool::tests {

namespace asio = boost::asio;

namespace {

std::error_code to_error(const rocksdb::Status& status) {
    if (status.ok()) return {};
    if (status.IsNotFound() || status.IsPathNotFound()) {
        return std::make_error_code(std::errc::no_such_file_or_directory);
    }
    if (status.IsNoSpace()) return std::make_error_code(std::errc::no_space_on_device);
    return std::make_error_code(std::errc::io_error);
}

std::string parent(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

}  // namespace

namespace {

class MemoryArchive : public workers::ArchiveBytes {
public:
    explicit MemoryArchive(std::string_view bytes) : bytes_(bytes), rest_(bytes) {}

    std::ptrdiff_t read(char* into, std::size_t count) override {
        const std::size_t got = rest_.copy(into, count);
        rest_.remove_prefix(got);
        return static_cast<std::ptrdiff_t>(got);
    }
    void rewind() override { rest_ = bytes_; }

private:
    std::string_view bytes_;
    std::string_view rest_;
};

}  // namespace

class SimFiles::Output : public workers::OutputFile {
public:
    Output(SimFiles& files, std::unique_ptr<rocksdb::WritableFile> file)
        : files_(files), file_(std::move(file)) {}

    asio::awaitable<std::error_code> append(std::string bytes) override {
        co_await files_.turn();
        if (files_.write_error_) co_return files_.write_error_;
        size_ += bytes.size();
        co_return to_error(file_->Append(bytes));
    }
    asio::awaitable<std::error_code> sync() override {
        co_await files_.turn();
        co_return to_error(file_->Fsync());
    }
    std::uint64_t size() const override { return size_; }

private:
    SimFiles& files_;
    std::unique_ptr<rocksdb::WritableFile> file_;
    std::uint64_t size_ = 0;
};

SimFiles::SimFiles(asio::io_context& io, std::shared_ptr<ForgetfulDisk> disk, std::string root)
    : io_(io), disk_(std::move(disk)), env_(make_env(disk_)), root_(std::move(root)) {
    env_->CreateDirIfMissing(root_);
}

SimFiles::~SimFiles() = default;

asio::awaitable<void> SimFiles::turn() {
    co_await asio::post(io_, asio::use_awaitable);
}

std::error_code SimFiles::make_parents(const std::string& path) {
    std::size_t begin = 1;
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', begin)) {
        const std::string directory = path.substr(0, slash);
        bool is_directory = true;
        if (env_->FileExists(directory).ok()) env_->IsDirectory(directory, &is_directory);
        if (!is_directory) return std::make_error_code(std::errc::not_a_directory);
        if (slash - begin > name_max_) return std::make_error_code(std::errc::filename_too_long);
        const rocksdb::Status made = env_->CreateDirIfMissing(directory);
        if (!made.ok()) return to_error(made);
        begin = slash + 1;
    }
    const bool fits = path.size() - begin <= name_max_;
    return fits ? std::error_code() : std::make_error_code(std::errc::filename_too_long);
}

workers::OpenedFile SimFiles::open(const std::string& path) {
    workers::OpenedFile opened;
    const std::string full = full_path(path);
    opened.error = make_parents(full);
    if (opened.error) return opened;
    opened.error = write_error_;
    if (env_->FileExists(full).ok()) opened.error = std::make_error_code(std::errc::file_exists);
    if (opened.error) return opened;
    std::unique_ptr<rocksdb::WritableFile> file;
    opened.error = to_error(env_->NewWritableFile(full, &file, {}));
    if (!opened.error) opened.file = std::make_unique<Output>(*this, std::move(file));
    return opened;
}

asio::awaitable<workers::Unpacked> SimFiles::unpack(std::string from, std::string member,
                                                    std::uint64_t bytes_max, std::string to) {
    const workers::FileBytes whole = read_now(from);
    MemoryArchive archive(whole.bytes);
    std::string out;
    workers::Unpacked unpacked =
        workers::unpack(archive, member, bytes_max, [&out](std::string_view piece) {
            out += piece;
            return std::error_code();
        });
    if (whole.error) unpacked.error = whole.error;
    if (unpacked.good()) unpacked.error = co_await store(std::move(to), std::move(out));
    co_return unpacked;
}

asio::awaitable<workers::OpenedFile> SimFiles::create(std::string path) {
    co_await turn();
    co_return open(path);
}

asio::awaitable<std::error_code> SimFiles::store(std::string path, std::string bytes) {
    const std::error_code removed = co_await remove(path);
    if (removed) co_return removed;
    workers::OpenedFile opened = open(path);
    if (opened.error) co_return opened.error;
    const std::error_code error = co_await opened.file->append(std::move(bytes));
    if (error) co_return error;
    co_return co_await opened.file->sync();
}

asio::awaitable<std::error_code> SimFiles::sync(std::string path) {
    co_await turn();
    const std::string full = full_path(path);
    if (!env_->FileExists(full).ok())
        co_return std::make_error_code(std::errc::no_such_file_or_directory);
    std::unique_ptr<rocksdb::WritableFile> file;
    const rocksdb::Status opened = env_->ReopenWritableFile(full, &file, {});
    co_return to_error(opened.ok() ? file->Fsync() : opened);
}

workers::FileBytes SimFiles::read_now(const std::string& path) const {
    workers::FileBytes read;
    read.error = to_error(rocksdb::ReadFileToString(env_.get(), full_path(path), &read.bytes));
    return read;
}

void SimFiles::replace_now(const std::string& path, const std::optional<std::string>& bytes) {
    env_->DeleteFile(full_path(path));
    if (bytes) rocksdb::WriteStringToFile(env_.get(), *bytes, full_path(path), true);
}

std::optional<std::string> SimFiles::durable_now(const std::string& path) const {
    return disk_->durable(full_path(path));
}

asio::awaitable<workers::FileBytes> SimFiles::read(std::string path, std::uint64_t bytes_max) {
    co_await turn();
    workers::FileBytes read;
    if (unreadable_) {
        read.error = std::make_error_code(std::errc::too_many_files_open);
        co_return read;
    }
    read = read_now(path);
    if (read.bytes.size() > bytes_max) read.error = std::make_error_code(std::errc::file_too_large);
    co_return read;
}

asio::awaitable<workers::FileBytes> SimFiles::read_hashed(std::string path,
                                                          std::uint64_t bytes_max) {
    workers::FileBytes bytes = co_await read(std::move(path), bytes_max);
    if (!bytes.error) bytes.sha256 = workers::sha256_hex(bytes.bytes);
    co_return bytes;
}

asio::awaitable<workers::FileBytes> SimFiles::read_head(std::string path, std::size_t count) {
    co_await turn();
    workers::FileBytes read = read_now(path);
    read.bytes.resize(std::min(read.bytes.size(), count));
    co_return read;
}

asio::awaitable<workers::FileDigest> SimFiles::digest(std::string path) {
    co_await turn();
    workers::FileDigest digest;
    if (unreadable_) {
        digest.error = std::make_error_code(std::errc::too_many_files_open);
        co_return digest;
    }
    const workers::FileBytes read = read_now(path);
    digest.error = read.error;
    digest.bytes = read.bytes.size();
    digest.sha256 = workers::sha256_hex(read.bytes);
    co_return digest;
}

std::error_code SimFiles::sync_now(const std::string& directory) {
    std::unique_ptr<rocksdb::Directory> opened;
    const rocksdb::Status status = env_->NewDirectory(directory, &opened);
    return to_error(status.ok() ? opened->Fsync() : status);
}

asio::awaitable<std::error_code> SimFiles::rename(std::string from, std::string to) {
    co_await turn();
    const std::string target = full_path(to);
    const std::error_code made = make_parents(target);
    if (made) co_return made;
    if (env_->FileExists(target).ok()) co_return std::make_error_code(std::errc::file_exists);
    const std::error_code renamed = to_error(env_->RenameFile(full_path(from), target));
    if (renamed) co_return renamed;
    co_return sync_now(parent(target));
}

asio::awaitable<std::error_code> SimFiles::remove(std::string path) {
    co_await turn();
    const std::string full = full_path(path);
    if (env_->FileExists(full).IsNotFound()) co_return std::error_code();
    co_return to_error(env_->DeleteFile(full));
}

asio::awaitable<std::error_code> SimFiles::sync_directory(std::string path) {
    co_await turn();
    co_return sync_now(full_path(path));
}

std::vector<std::string> SimFiles::list_now(const std::string& path) const {
    std::vector<std::string> names;
    env_->GetChildren(full_path(path), &names);
    std::sort(names.begin(), names.end());
    return names;
}

asio::awaitable<std::vector<std::string>> SimFiles::list(std::string path) {
    co_await turn();
    co_return list_now(path);
}

asio::awaitable<std::vector<std::string>> SimFiles::find(std::string path, std::string ending) {
    co_await turn();
    std::vector<std::string> found;
    std::vector<std::string> open{std::move(path)};
    while (!open.empty()) {
        const std::string here = std::move(open.back());
        open.pop_back();
        for (const std::string& name : list_now(here)) {
            std::string full = here + "/" + name;
            bool directory = false;
            if (env_->IsDirectory(full_path(full), &directory).ok() && directory) {
                open.push_back(std::move(full));
            } else if (name.ends_with(ending)) {
                found.push_back(std::move(full));
            }
        }
    }
    std::sort(found.begin(), found.end());
    co_return found;
}

asio::awaitable<std::optional<std::uint64_t>> SimFiles::space_left() {
    co_await turn();
    co_return space_;
}

}  // namespace genspool::tests
