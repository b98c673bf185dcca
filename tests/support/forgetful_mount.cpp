// The ForgetfulDisk as RocksDB sees it: one rocksdb::FileSystem for one life of the disk.
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <utility>

#include "tests/support/forgetful_disk.hpp"

namespace genspool::tests {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

IOStatus status(std::errc error, const std::string& path) {
    if (error == std::errc{}) {
        return IOStatus::OK();
    }
    if (error == std::errc::no_space_on_device) {
        return IOStatus::NoSpace("forgetful disk", path);
    }
    if (error == std::errc::no_such_file_or_directory) {
        return IOStatus::PathNotFound("forgetful disk: no such file", path);
    }
    return IOStatus::IOError("forgetful disk: " + std::make_error_code(error).message(), path);
}

template <class Answer, class T>
IOStatus take(const Answer& answer, const std::string& path, T* out) {
    if (!answer) {
        return status(answer.error(), path);
    }
    *out = *answer;
    return IOStatus::OK();
}

/// The info log carries wall-clock times and would make runs differ.
class NoLogger : public rocksdb::Logger {
public:
    NoLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
    using rocksdb::Logger::Logv;
    void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

struct Lock : rocksdb::FileLock {
    std::string path;
};

}  // namespace

/// A friend of the disk, so that the file classes nested in it can use its operations.
class Mount : public rocksdb::FileSystem {
public:
    explicit Mount(std::shared_ptr<ForgetfulDisk> disk)
        : disk_(std::move(disk)), life_(disk_->life()) {}

    const char* Name() const override { return "ForgetfulDisk"; }

    IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSSequentialFile>* out,
                               IODebugContext*) override {
        return opened<Sequential>(path, Opening::existing, out);
    }
    IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                                 std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                                 IODebugContext*) override {
        return opened<RandomAccess>(path, Opening::existing, out);
    }
    IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>* out,
                             IODebugContext*) override {
        return opened<Writable>(path, Opening::fresh, out);
    }
    IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                                std::unique_ptr<rocksdb::FSWritableFile>* out,
                                IODebugContext*) override {
        return opened<Writable>(path, Opening::appending, out);
    }
    IOStatus NewDirectory(const std::string& path, const IOOptions&,
                          std::unique_ptr<rocksdb::FSDirectory>* out, IODebugContext*) override {
        const auto found = disk_->is_directory(life_, path);
        if (!found || !*found) {
            return status(found ? std::errc::no_such_file_or_directory : found.error(), path);
        }
        *out = std::make_unique<OpenDirectory>(disk_, life_, path);
        return IOStatus::OK();
    }

    IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
        const auto found = disk_->exists(life_, path);
        if (found && !*found) {
            return IOStatus::NotFound(path);
        }
        return found ? IOStatus::OK() : status(found.error(), path);
    }
    IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* out,
                         IODebugContext*) override {
        const auto names = disk_->list(life_, path);
        if (!names && names.error() == std::errc::no_such_file_or_directory) {
            return IOStatus::NotFound(path);
        }
        return take(names, path, out);
    }
    IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* out,
                         IODebugContext*) override {
        return take(disk_->is_directory(life_, path), path, out);
    }
    IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* out,
                         IODebugContext*) override {
        const auto file = disk_->open(life_, path, Opening::existing);
        return file ? take(disk_->size(*file), path, out) : status(file.error(), path);
    }
    IOStatus GetFileModificationTime(const std::string& path, const IOOptions&, std::uint64_t* out,
                                     IODebugContext*) override {
        const auto file = disk_->open(life_, path, Opening::existing);
        return file ? take(disk_->changed_at(*file), path, out) : status(file.error(), path);
    }
    IOStatus GetFreeSpace(const std::string&, const IOOptions&, std::uint64_t* out,
                          IODebugContext*) override {
        *out = std::uint64_t{1} << 40U;
        return IOStatus::OK();
    }
    IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                             IODebugContext*) override {
        *out = path.starts_with('/') ? path : "/" + path;
        return IOStatus::OK();
    }
    IOStatus GetTestDirectory(const IOOptions&, std::string* out, IODebugContext*) override {
        *out = "/";
        return IOStatus::OK();
    }

    IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
        return status(disk_->make_directory(life_, path), path);
    }
    IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&,
                                IODebugContext*) override {
        const auto there = disk_->is_directory(life_, path);
        return there && *there ? IOStatus::OK() : status(disk_->make_directory(life_, path), path);
    }
    IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
        return status(disk_->remove_directory(life_, path), path);
    }
    IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
        return status(disk_->remove(life_, path), path);
    }
    IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions&,
                      IODebugContext*) override {
        const auto file = disk_->open(life_, path, Opening::existing);
        return file ? status(disk_->truncate(*file, size), path) : status(file.error(), path);
    }
    IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                        IODebugContext*) override {
        return status(disk_->rename(life_, from, to), from);
    }
    IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
        return status(disk_->link(life_, from, to), from);
    }
    IOStatus NumFileLinks(const std::string& path, const IOOptions&, std::uint64_t* out,
                          IODebugContext*) override {
        return take(disk_->links(life_, path), path, out);
    }
    IOStatus AreFilesSame(const std::string& first, const std::string& second, const IOOptions&,
                          bool* out, IODebugContext*) override {
        const auto one = disk_->open(life_, first, Opening::existing);
        const auto two = disk_->open(life_, second, Opening::existing);
        if (!one || !two) {
            return one ? status(two.error(), second) : status(one.error(), first);
        }
        *out = one->file == two->file;
        return IOStatus::OK();
    }

    IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** out,
                      IODebugContext*) override {
        auto held = std::make_unique<Lock>();
        held->path = path;
        const auto error = disk_->lock(life_, path);
        *out = error == std::errc{} ? held.release() : nullptr;
        return status(error, path);
    }
    IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
        const std::unique_ptr<Lock> owned(static_cast<Lock*>(lock));
        disk_->unlock(life_, owned->path);
        return IOStatus::OK();
    }
    IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* out,
                       IODebugContext*) override {
        *out = std::make_shared<NoLogger>();
        return IOStatus::OK();
    }

private:
    using Disk = std::shared_ptr<ForgetfulDisk>;
    using Handle = ForgetfulDisk::Handle;
    using Opening = ForgetfulDisk::Opening;

    static IOStatus read(const Disk& disk, const Handle& handle, std::uint64_t offset,
                         std::size_t count, Slice* result, char* scratch) {
        const auto got = disk->read(handle, offset, count, scratch);
        *result = Slice(scratch, got ? *got : 0);
        return got ? IOStatus::OK() : status(got.error(), handle.path);
    }

    class Sequential : public rocksdb::FSSequentialFile {
    public:
        Sequential(Disk disk, Handle handle) : disk_(std::move(disk)), handle_(std::move(handle)) {}
        IOStatus Read(std::size_t count, const IOOptions&, Slice* result, char* scratch,
                      IODebugContext*) override {
            auto outcome = read(disk_, handle_, offset_, count, result, scratch);
            offset_ += result->size();
            return outcome;
        }
        IOStatus Skip(std::uint64_t count) override {
            offset_ += count;
            return IOStatus::OK();
        }

    private:
        Disk disk_;
        Handle handle_;
        std::uint64_t offset_ = 0;
    };

    class RandomAccess : public rocksdb::FSRandomAccessFile {
    public:
        RandomAccess(Disk disk, Handle handle)
            : disk_(std::move(disk)), handle_(std::move(handle)) {}
        IOStatus Read(std::uint64_t offset, std::size_t count, const IOOptions&, Slice* result,
                      char* scratch, IODebugContext*) const override {
            return read(disk_, handle_, offset, count, result, scratch);
        }

    private:
        Disk disk_;
        Handle handle_;
    };

    class Writable : public rocksdb::FSWritableFile {
    public:
        Writable(Disk disk, Handle handle) : disk_(std::move(disk)), handle_(std::move(handle)) {}
        using rocksdb::FSWritableFile::Append;
        IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
            return status(disk_->append(handle_, {data.data(), data.size()}), handle_.path);
        }
        IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
            return status(disk_->truncate(handle_, size), handle_.path);
        }
        IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
        IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
        IOStatus Sync(const IOOptions&, IODebugContext*) override {
            return status(disk_->sync(handle_), handle_.path);
        }
        bool IsSyncThreadSafe() const override { return true; }
        std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
            const auto size = disk_->size(handle_);
            return size ? *size : 0;
        }

    private:
        Disk disk_;
        Handle handle_;
    };

    class OpenDirectory : public rocksdb::FSDirectory {
    public:
        OpenDirectory(Disk disk, ForgetfulDisk::Life life, std::string path)
            : disk_(std::move(disk)), life_(life), path_(std::move(path)) {}
        IOStatus Fsync(const IOOptions&, IODebugContext*) override {
            return status(disk_->sync_directory(life_, path_), path_);
        }
        IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

    private:
        Disk disk_;
        ForgetfulDisk::Life life_;
        std::string path_;
    };

    template <class Concrete, class Interface>
    IOStatus opened(const std::string& path, Opening opening, std::unique_ptr<Interface>* out) {
        auto handle = disk_->open(life_, path, opening);
        if (!handle) {
            return status(handle.error(), path);
        }
        *out = std::make_unique<Concrete>(disk_, std::move(*handle));
        return IOStatus::OK();
    }

    Disk disk_;
    const ForgetfulDisk::Life life_;
};

std::unique_ptr<rocksdb::Env> make_env(std::shared_ptr<ForgetfulDisk> disk) {
    return rocksdb::NewCompositeEnv(std::make_shared<Mount>(std::move(disk)));
}

}  // namespace genspool::tests
