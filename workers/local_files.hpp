#pragma once

#include <memory>
#include <string>

#include "workers/directory_sync.hpp"
#include "workers/file_pool.hpp"
#include "workers/files.hpp"
#include "workers/local_output.hpp"
#include "workers/local_root.hpp"
#include "workers/space_quota.hpp"

namespace genspool::workers {

/// Ways to work that are chosen otherwise only for tests.
struct LocalFilesOptions {
    Resolve resolve = Resolve::automatic;
    /// Rename by link and unlink, as is done by itself where renameat2 cannot refuse to replace.
    bool rename_by_link = false;
    std::shared_ptr<SpaceQuota> quota;  ///< null: as much as the disk holds
};

/// The files beneath one directory of the local disk. New files have mode 0640, new directories
/// 0750 (less the umask). read() of a longer file answers EFBIG. list() throws std::system_error
/// for anything but a missing directory. The calls cannot be cancelled; each is short.
class LocalFiles : public Files {
public:
    /// `directory` must exist; throws std::system_error if it cannot be opened.
    LocalFiles(FilePool& pool, const std::string& directory, LocalFilesOptions options);

    boost::asio::awaitable<OpenedFile> create(std::string path) override;
    boost::asio::awaitable<std::error_code> store(std::string path, std::string bytes) override;
    boost::asio::awaitable<std::error_code> sync(std::string path) override;
    boost::asio::awaitable<Unpacked> unpack(std::string from, std::string member,
                                            std::uint64_t bytes_max, std::string to) override;
    boost::asio::awaitable<FileBytes> read(std::string path, std::uint64_t bytes_max) override;
    boost::asio::awaitable<FileBytes> read_hashed(std::string path,
                                                  std::uint64_t bytes_max) override;
    boost::asio::awaitable<FileBytes> read_head(std::string path, std::size_t count) override;
    boost::asio::awaitable<FileDigest> digest(std::string path) override;
    boost::asio::awaitable<std::error_code> rename(std::string from, std::string to) override;
    boost::asio::awaitable<std::error_code> remove(std::string path) override;
    boost::asio::awaitable<std::error_code> sync_directory(std::string path) override;
    boost::asio::awaitable<std::vector<std::string>> list(std::string path) override;
    boost::asio::awaitable<std::vector<std::string>> find(std::string path,
                                                          std::string ending) override;
    boost::asio::awaitable<std::optional<std::uint64_t>> space_left() override;

private:
    // What the calls do, on a thread of the pool.
    FileResult<std::unique_ptr<LocalOutput>> open_output(const std::string& path);
    FileResult<std::unique_ptr<LocalOutput>> open_fresh(const std::string& path);
    Unpacked unpack_now(const std::string& from, const std::string& member, std::uint64_t bytes_max,
                        const std::string& to);
    std::error_code store_now(const std::string& path, std::string_view bytes);
    FileResult<Descriptor> open_input(const std::string& path) const;
    FileBytes read_bytes(const std::string& path, std::uint64_t bytes_max) const;
    FileBytes read_first(const std::string& path, std::size_t count) const;
    FileDigest digest_bytes(const std::string& path) const;
    /// The directory of `to`, where the name is now but not yet for certain.
    FileResult<Descriptor> move(const std::string& from, const std::string& to) const;
    std::error_code unlink(const std::string& path) const;
    std::optional<std::uint64_t> free_bytes() const;

    FilePool& pool_;
    LocalRoot root_;
    LocalFilesOptions options_;
    DirectorySync directories_;
};

}  // namespace genspool::workers
