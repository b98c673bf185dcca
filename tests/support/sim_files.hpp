#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "tests/support/forgetful_disk.hpp"
#include "workers/files.hpp"

namespace rocksdb {
class Env;
}

namespace genspool::tests {

/// Files on the disk that forgets what was not synced, so that a power cut takes database and files
/// to one and the same moment. Each call takes one turn of the loop. Mounted for the disk's present
/// life: after a cut everything answers EIO.
class SimFiles : public workers::Files {
public:
    SimFiles(boost::asio::io_context& io, std::shared_ptr<ForgetfulDisk> disk, std::string root);
    ~SimFiles() override;

    /// Writes answer ENOSPC from now on, or no longer.
    void set_full(bool full) {
        set_write_error(full ? std::errc::no_space_on_device : std::errc{});
    }
    /// The same with another error; errc{}: writes succeed.
    void set_write_error(std::errc error) { write_error_ = std::make_error_code(error); }
    /// How long a name may be, in bytes.
    void set_name_max(std::size_t most) { name_max_ = most; }
    /// read() and digest() answer EMFILE from now on, or no longer.
    void set_unreadable(bool unreadable) { unreadable_ = unreadable; }
    /// What space_left() answers; nullopt: it cannot be asked.
    void set_space(std::optional<std::uint64_t> bytes) { space_ = bytes; }

    boost::asio::awaitable<workers::OpenedFile> create(std::string path) override;
    boost::asio::awaitable<std::error_code> store(std::string path, std::string bytes) override;
    boost::asio::awaitable<std::error_code> sync(std::string path) override;
    boost::asio::awaitable<workers::Unpacked> unpack(std::string from, std::string member,
                                                     std::uint64_t bytes_max,
                                                     std::string to) override;
    boost::asio::awaitable<workers::FileBytes> read(std::string path,
                                                    std::uint64_t bytes_max) override;
    boost::asio::awaitable<workers::FileBytes> read_hashed(std::string path,
                                                           std::uint64_t bytes_max) override;
    boost::asio::awaitable<workers::FileBytes> read_head(std::string path,
                                                         std::size_t count) override;
    boost::asio::awaitable<workers::FileDigest> digest(std::string path) override;
    boost::asio::awaitable<std::error_code> rename(std::string from, std::string to) override;
    boost::asio::awaitable<std::error_code> remove(std::string path) override;
    boost::asio::awaitable<std::error_code> sync_directory(std::string path) override;
    boost::asio::awaitable<std::vector<std::string>> list(std::string path) override;
    boost::asio::awaitable<std::vector<std::string>> find(std::string path,
                                                          std::string ending) override;
    boost::asio::awaitable<std::optional<std::uint64_t>> space_left() override;

    // The same at once, for a test's own eyes and hands.
    workers::FileBytes read_now(const std::string& path) const;
    std::vector<std::string> list_now(const std::string& path) const;
    /// Another file in its place; nullopt: none.
    void replace_now(const std::string& path, const std::optional<std::string>& bytes);
    /// What a power cut would leave of it; nullopt: not even its name.
    std::optional<std::string> durable_now(const std::string& path) const;

private:
    class Output;

    boost::asio::awaitable<void> turn();
    std::string full_path(const std::string& path) const { return root_ + "/" + path; }
    std::error_code make_parents(const std::string& path);
    std::error_code sync_now(const std::string& directory);
    workers::OpenedFile open(const std::string& path);

    boost::asio::io_context& io_;
    std::shared_ptr<ForgetfulDisk> disk_;
    std::unique_ptr<rocksdb::Env> env_;
    std::string root_;
    std::error_code write_error_;
    std::size_t name_max_ = 255;
    bool unreadable_ = false;
    std::optional<std::uint64_t> space_ = 1ULL << 40U;
};

}  // namespace genspool::tests
