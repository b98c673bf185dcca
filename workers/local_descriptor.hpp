#pragma once

#include <unistd.h>

#include <boost/system/result.hpp>
#include <system_error>
#include <utility>

namespace genspool::workers {

/// A file descriptor, closed with its owner. Closing reports no error: who must know that bytes are
/// safe has synced them before.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    int get() const { return fd_; }
    bool open() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

/// What a call on the file system gives: the thing, or errno as an error_code.
template <typename T>
using FileResult = boost::system::result<T, std::error_code>;

/// errno as an error_code. A symbolic link where none is followed counts as an escape: EXDEV.
std::error_code file_error(int number);

}  // namespace genspool::workers
