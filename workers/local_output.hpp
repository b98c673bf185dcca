#pragma once

#include <memory>
#include <string_view>

#include "workers/file_pool.hpp"
#include "workers/files.hpp"
#include "workers/local_descriptor.hpp"
#include "workers/space_quota.hpp"

namespace genspool::workers {

/// A file of LocalFiles that is being written. What an append could not write whole is kept as far
/// as it came, and size() tells. After a failed sync every sync fails: the kernel forgets which
/// bytes it lost, so a later success would mean nothing.
class LocalOutput : public OutputFile {
public:
    /// `file` is open for appending and holds `bytes` already; `quota` may be null.
    LocalOutput(FilePool& pool, Descriptor file, std::uint64_t bytes,
                std::shared_ptr<SpaceQuota> quota);

    boost::asio::awaitable<std::error_code> append(std::string bytes) override;
    boost::asio::awaitable<std::error_code> sync() override;
    std::uint64_t size() const override { return size_; }

    // The same at once, for who is on a thread of the pool already.
    std::error_code append_now(std::string_view bytes);
    std::error_code sync_now();

private:
    FilePool& pool_;
    Descriptor file_;
    std::uint64_t size_;
    std::shared_ptr<SpaceQuota> quota_;
    std::error_code sync_failed_;
};

}  // namespace genspool::workers
