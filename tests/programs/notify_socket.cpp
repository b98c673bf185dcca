#include "tests/programs/notify_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ranges>
#include <system_error>

#include "tests/support/await.hpp"

namespace genspool::tests {

NotifySocket::NotifySocket(const std::string& path)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const auto* const place = reinterpret_cast<const sockaddr*>(&address);
    if (socket_ < 0 || ::bind(socket_, place, sizeof(address)) != 0)
        throw std::system_error(errno, std::generic_category(), path);
}

NotifySocket::~NotifySocket() {
    ::close(socket_);
}

const std::vector<std::string>& NotifySocket::heard() {
    std::array<char, 4096> message{};
    ssize_t bytes = ::recv(socket_, message.data(), message.size(), 0);
    while (bytes > 0) {
        heard_.emplace_back(message.data(), static_cast<std::size_t>(bytes));
        bytes = ::recv(socket_, message.data(), message.size(), 0);
    }
    return heard_;
}

std::size_t NotifySocket::count(std::string_view words) {
    const auto begins = [words](const std::string& message) { return message.starts_with(words); };
    return static_cast<std::size_t>(std::ranges::count_if(heard(), begins));
}

std::size_t NotifySocket::await_word(std::string_view words, std::size_t after) {
    std::size_t place = after;
    await(std::string(words), [&] {
        const auto& all = heard();
        while (place < all.size() && !all[place].starts_with(words))
            ++place;
        return place < all.size();
    });
    return place;
}

void NotifySocket::await_status(std::string_view part) {
    await("a status with: " + std::string(part), [&] {
        for (const std::string& message : heard() | std::views::reverse)
            if (message.starts_with("STATUS=")) return message.find(part) != message.npos;
        return false;
    });
}

}  // namespace genspool::tests
