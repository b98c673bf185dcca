#include "tests/e2e/hostile_clients.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace genspool::tests {
namespace {

constexpr std::size_t piece_bytes = 16U << 10U;
/// Of those that were thrown out so many come in again each round.
constexpr std::size_t comings_a_round = 200;
constexpr int pause_ms = 10;

std::string chunk(const std::string& bytes) {
    std::string size;
    for (std::size_t left = bytes.size(); left != 0; left /= 16)
        size.insert(size.begin(), "0123456789abcdef"[left % 16]);
    return size + "\r\n" + bytes + "\r\n";
}

/// Lines of jobs that wait for a later day.
std::string job_lines() {
    const std::string line =
        R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"spite"},)"
        R"("not_before":"+20d"})"
        "\n";
    std::string lines;
    while (lines.size() < piece_bytes)
        lines += line;
    return lines;
}

/// What a client of that manner says first.
std::string greeting(Manner manner) {
    const std::string batch =
        "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    switch (manner) {
        case Manner::idle:
            return {};
        case Manner::slow_header:
        case Manner::huge_header:
            return "GET /v1/stats HTTP/1.1\r\nX-Nuisance: ";
        case Manner::endless_batch:
        case Manner::endless_line:
            return batch;
        case Manner::stalled_job:
            return "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" +
                   std::string(900'000, ' ');
        case Manner::deaf_to_events:
            return "GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\n\r\n";
        case Manner::deaf_to_lists:
            return {};
    }
    return {};
}

/// What it goes on saying; empty: nothing.
const std::string& refrain(Manner manner) {
    static const std::string nothing;
    static const std::string byte = "x";
    static const std::string header(piece_bytes, 'x');
    static const std::string line = chunk(header);
    static const std::string lines = chunk(job_lines());
    static const std::string list = "GET /v1/jobs?limit=1000 HTTP/1.1\r\nHost: x\r\n\r\n";
    switch (manner) {
        case Manner::slow_header:
            return byte;
        case Manner::huge_header:
            return header;
        case Manner::endless_batch:
            return lines;
        case Manner::endless_line:
            return line;
        case Manner::deaf_to_lists:
            return list;
        default:
            return nothing;
    }
}

bool try_later() {
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

HostileClients::HostileClients(std::string socket,
                               const std::array<std::size_t, manner_count>& counts)
    : path_(std::move(socket)), stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (stop_ < 0) throw std::runtime_error("no eventfd");
    for (std::size_t manner = 0; manner < counts.size(); ++manner) {
        Client client;
        client.manner = static_cast<Manner>(manner);
        clients_.insert(clients_.end(), counts.at(manner), client);
    }
    thread_ = std::thread([this] { run(); });
}

HostileClients::~HostileClients() {
    ::eventfd_write(stop_, 1);
    thread_.join();
    for (Client& client : clients_)
        leave(client);
    ::close(stop_);
}

void HostileClients::run() {
    pollfd stop{stop_, POLLIN, 0};
    // The pause between two rounds leaves the machine to those who are to be disturbed.
    std::size_t first = 0;
    while (::poll(&stop, 1, pause_ms) == 0) {
        std::size_t comings = 0;
        for (std::size_t n = 0; n < clients_.size(); ++n) {
            Client& client = clients_[(first + n) % clients_.size()];
            if (client.socket < 0 && comings++ < comings_a_round) come_in(client);
            if (client.socket < 0 || act(client)) continue;
            leave(client);
            ++thrown_out_.at(static_cast<std::size_t>(client.manner));
        }
        first += comings_a_round;  // everybody gets his turn, not only who sits in front
        if (std::ranges::all_of(clients_, &Client::has_come)) all_have_come_ = true;
    }
}

void HostileClients::come_in(Client& client) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), std::min(path_.size(), sizeof address.sun_path));
    client.socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address);
    if (client.socket >= 0 && ::connect(client.socket, where, sizeof address) != 0) leave(client);
    client.has_come |= client.socket >= 0;
    client.unsent = greeting(client.manner);
}

void HostileClients::leave(Client& client) {
    if (client.socket >= 0) ::close(client.socket);
    client.socket = -1;
}

bool HostileClients::act(Client& client) {
    if (client.unsent.empty()) client.unsent = refrain(client.manner);
    if (!client.unsent.empty()) {
        const ssize_t sent =
            ::send(client.socket, client.unsent.data(), client.unsent.size(), MSG_NOSIGNAL);
        if (sent < 0) return try_later();
        client.unsent.erase(0, static_cast<std::size_t>(sent));
        return true;
    }
    // An answer is left where it is; the end of the connection is noticed.
    pollfd end{client.socket, POLLRDHUP, 0};
    return ::poll(&end, 1, 0) == 0;
}

std::size_t raise_open_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlimit most{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &most) == 0) limit = most;
    return limit.rlim_cur;
}

}  // namespace genspool::tests
