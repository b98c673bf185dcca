#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace genspool::tests {

/// How a client is a nuisance.
enum class Manner : std::uint8_t {
    idle,           ///< connects, and asks nothing
    slow_header,    ///< sends a header a byte at a time
    huge_header,    ///< sends a header without an end
    endless_batch,  ///< sends the jobs of a batch without an end
    endless_line,   ///< sends one line of a batch without an end
    stalled_job,    ///< sends nearly all of one long job, and then nothing
    deaf_to_events,
    deaf_to_lists,  ///< asks for long lists one after the other; both read no answer
};
inline constexpr std::size_t manner_count = 8;

/// Clients that mean no good, on one thread: whoever is thrown out comes in again. They hand in
/// nothing that could be bought.
class HostileClients {
public:
    /// So many of each manner.
    HostileClients(std::string socket, const std::array<std::size_t, manner_count>& counts);
    ~HostileClients();
    HostileClients(const HostileClients&) = delete;
    HostileClients& operator=(const HostileClients&) = delete;

    /// Whether each of them has been connected, if not all at the same time: some had to make room.
    bool have_all_come() const { return all_have_come_; }
    /// How often one of that manner was thrown out, or lost its connection to another.
    std::uint64_t thrown_out(Manner manner) const {
        return thrown_out_.at(static_cast<std::size_t>(manner));
    }

private:
    struct Client {
        Manner manner = Manner::idle;
        int socket = -1;
        bool has_come = false;
        std::string unsent;
    };

    void run();
    void come_in(Client& client);
    void leave(Client& client);
    /// False: it is thrown out.
    static bool act(Client& client);

    std::string path_;
    int stop_ = -1;  ///< an eventfd
    std::vector<Client> clients_;
    std::atomic<bool> all_have_come_ = false;
    std::array<std::atomic<std::uint64_t>, manner_count> thrown_out_{};
    std::thread thread_;
};

/// Raises the bound on open files to what it may be, and says what that is.
std::size_t raise_open_files();

}  // namespace genspool::tests
