#include "daemon/small_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "workers/local_descriptor.hpp"

namespace genspool::daemon {
namespace {

SmallFile failed(std::string why) {
    SmallFile file;
    file.error = std::move(why);
    return file;
}

SmallFile failed(int number) {
    return failed(std::generic_category().message(number));
}

std::string too_open(mode_t closed_to) {
    return (closed_to & 040U) != 0
               ? "can be read or written by others than its owner; chmod 600 it"
               : "can be read or written by more than its owner and group; chmod 640 it";
}

}  // namespace

SmallFile read_small_file(const std::string& path, std::size_t bytes_max, mode_t closed_to) {
    // O_NONBLOCK: opening a FIFO must not wait for its other end.
    const workers::Descriptor opened(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!opened.open()) return failed(errno);
    SmallFile file;
    if (::fstat(opened.get(), &file.status) != 0) return failed(errno);
    if (!S_ISREG(file.status.st_mode)) return failed("is not a regular file");
    if ((file.status.st_mode & closed_to) != 0) return failed(too_open(closed_to));
    file.bytes.resize(bytes_max + 1);
    std::size_t filled = 0;
    while (filled < file.bytes.size()) {
        const ssize_t got =
            ::read(opened.get(), file.bytes.data() + filled, file.bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    if (filled > bytes_max) return failed("is longer than " + std::to_string(bytes_max) + " bytes");
    file.bytes.resize(filled);
    return file;
}

}  // namespace genspool::daemon
