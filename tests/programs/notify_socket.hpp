#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genspool::tests {

/// Stands for the service manager: what a daemon with this $NOTIFY_SOCKET says of itself.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& path);
    ~NotifySocket();
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// All that was said so far, message by message.
    const std::vector<std::string>& heard();
    /// How many messages begin with these words.
    std::size_t count(std::string_view words);
    /// Waits until one does, not counting the first `after` messages, and answers its place.
    std::size_t await_word(std::string_view words, std::size_t after = 0);
    /// Waits until the latest STATUS= has this in it.
    void await_status(std::string_view part);

private:
    int socket_ = -1;
    std::vector<std::string> heard_;
};

}  // namespace genspool::tests
