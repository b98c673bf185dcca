#include "tests/bench/load.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/bench/api_client.hpp"

namespace genspool::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    workers::Descriptor socket;
    std::string received;
    Clock::time_point asked;
};

/// Clients in a ring of epoll; each asks again once it is answered.
class Load {
public:
    Load(const std::string& socket, std::size_t clients, std::uint64_t jobs)
        : jobs_(jobs), epoll_(::epoll_create1(EPOLL_CLOEXEC)), clients_(clients) {
        microseconds_.reserve(jobs);
        for (Client& client : clients_) {
            client.socket = connect_to(socket);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = &client;
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.socket.get(), &event);
        }
    }

    LoadResult run() {
        const auto began = Clock::now();
        for (Client& client : clients_)
            ask(client);
        std::array<epoll_event, 64> events{};
        while (microseconds_.size() < jobs_) {
            const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 30'000);
            if (count <= 0) throw std::runtime_error("no answer within 30 seconds");
            for (int i = 0; i < count; ++i)
                read(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
        const std::chrono::duration<double> took = Clock::now() - began;
        std::ranges::sort(microseconds_);
        const auto at = [this](double share) {
            return microseconds_[static_cast<std::size_t>(share * static_cast<double>(jobs_ - 1))];
        };
        return {static_cast<double>(jobs_) / took.count(), at(0.5), at(0.99)};
    }

private:
    void ask(Client& client) {
        if (asked_ == jobs_) return;
        const std::string job = video_job(asked_++);
        request_ =
            "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: ";
        request_ += std::to_string(job.size()) + "\r\n\r\n" + job;
        client.asked = Clock::now();
        const ssize_t sent =
            ::send(client.socket.get(), request_.data(), request_.size(), MSG_NOSIGNAL);
        if (sent != static_cast<ssize_t>(request_.size()))
            throw std::runtime_error("a request could not be sent at once");
    }

    void read(Client& client) {
        std::array<char, 16'384> piece;
        const ssize_t got = ::recv(client.socket.get(), piece.data(), piece.size(), MSG_DONTWAIT);
        if (got <= 0) throw std::runtime_error("the daemon closed a connection");
        client.received.append(piece.data(), static_cast<std::size_t>(got));
        const auto reply = whole_reply(client.received);
        if (!reply) return;
        if (reply->status != 201) throw std::runtime_error("not taken: " + client.received);
        const std::chrono::duration<double, std::micro> took = Clock::now() - client.asked;
        microseconds_.push_back(took.count());
        client.received.erase(0, reply->bytes);
        ask(client);
    }

    std::uint64_t jobs_;
    std::uint64_t asked_ = 0;
    workers::Descriptor epoll_;
    std::vector<Client> clients_;
    std::vector<double> microseconds_;
    std::string request_;
};

}  // namespace

LoadResult hand_in(const std::string& socket, std::size_t clients, std::uint64_t jobs) {
    return Load(socket, clients, jobs).run();
}

}  // namespace genspool::bench
