// What a hostile name server can do: this program's look-ups go through the getaddrinfo below.
#include "workers/http_resolve.hpp"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <netdb.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <cstring>
#include <new>
#include <semaphore>
#include <string>
#include <vector>

#include "tests/support/raw_server.hpp"
#include "workers/http_client.hpp"

namespace asio = boost::asio;
using genspool::tests::RawConnection;
using genspool::tests::RawServer;
using namespace genspool::workers;
using namespace std::chrono_literals;

namespace {

constexpr const char* hostile_name = "hostile.test";
constexpr const char* silent_name = "silent.test";
constexpr const char* public_address = "203.0.113.1";  // for documentation; nobody is there

/// What hostile.test is said to be, one answer after the other; the last one goes on.
struct Answers {
    std::vector<std::vector<std::string>> list;
    std::size_t given = 0;
};

Answers& answers() {
    static Answers the_answers;
    return the_answers;
}

/// Who looks up silent.test waits for this.
std::binary_semaphore& speaks() {
    static std::binary_semaphore the_semaphore{0};
    return the_semaphore;
}

/// As freeaddrinfo expects it: the address in the same piece of memory.
addrinfo* entry_of(const std::string& address, const char* service, addrinfo* next) {
    void* const room = std::calloc(1, sizeof(addrinfo) + sizeof(sockaddr_in));
    if (room == nullptr) throw std::bad_alloc();
    auto* const entry = static_cast<addrinfo*>(room);
    auto* const where = reinterpret_cast<sockaddr_in*>(entry + 1);
    where->sin_family = AF_INET;
    where->sin_port = htons(static_cast<std::uint16_t>(std::atoi(service)));
    ::inet_pton(AF_INET, address.c_str(), &where->sin_addr);
    entry->ai_family = AF_INET;
    entry->ai_socktype = SOCK_STREAM;
    entry->ai_protocol = IPPROTO_TCP;
    entry->ai_addrlen = sizeof(sockaddr_in);
    entry->ai_addr = reinterpret_cast<sockaddr*>(where);
    entry->ai_next = next;
    return entry;
}

asio::awaitable<void> answer(RawConnection& connection) {
    co_await connection.read_request();
    co_await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ninside");
}

asio::awaitable<void> fetch(HttpClient& client, HttpCall call, HttpReply& reply) {
    reply = co_await client.call(std::move(call));
}

/// A call that is answered while another waits for its name server, which speaks then.
asio::awaitable<void> beside(HttpClient& client, HttpCall call, asio::steady_timer& other_ended) {
    const HttpReply reply = co_await client.call(std::move(call));
    CHECK(reply.progress == HttpProgress::complete);
    speaks().release();
    co_await other_ended.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// A call to hostile.test, on whose loopback port a server listens that is nobody's business.
struct World {
    /// `patience`: with an address where nobody is.
    HttpReply fetch(std::vector<std::vector<std::string>> given,
                    genspool::proto::Duration patience = 1min) {
        answers() = {std::move(given), 0};
        HttpCall call;
        call.url = server.url("/latest/meta-data", hostile_name);
        call.public_hosts_only = true;
        call.deadlines.connect = patience;
        HttpReply reply;
        server.run(::fetch(client, std::move(call), reply));
        return reply;
    }

    asio::io_context io;
    RawServer server{io, answer};
    HttpClient client{io.get_executor(), HttpClientOptions()};
};

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
    if (node != nullptr && std::strcmp(node, silent_name) == 0) {
        speaks().acquire();
        return EAI_AGAIN;
    }
    if (node == nullptr || std::strcmp(node, hostile_name) != 0) {
        using Real = int(const char*, const char*, const addrinfo*, addrinfo**);
        static const auto real = reinterpret_cast<Real*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
        return real(node, service, hints, result);
    }
    Answers& all = answers();
    const auto& now = all.list.at(std::min(all.given, all.list.size() - 1));
    ++all.given;
    *result = nullptr;
    for (auto address = now.rbegin(); address != now.rend(); ++address)
        *result = entry_of(*address, service, *result);
    return 0;
}

TEST_CASE("a name that points inside is not followed, whatever stands beside it") {
    World alone;
    CHECK(alone.fetch({{"127.0.0.1"}}).error == HttpError::refused_host);
    CHECK(alone.server.connections() == 0);
    World private_ones;
    CHECK(private_ones.fetch({{"10.0.0.1", "169.254.169.254", "192.168.1.1"}}).error ==
          HttpError::refused_host);
    World beside;
    const HttpReply reply = beside.fetch({{"127.0.0.1", public_address}}, 100ms);
    CHECK(reply.progress == HttpProgress::not_sent);
    CHECK(beside.server.connections() == 0);
}

TEST_CASE("the address that was checked is the one connected to: no second look-up between") {
    World world;
    const HttpReply reply = world.fetch({{public_address}, {"127.0.0.1"}}, 100ms);
    CHECK(reply.progress == HttpProgress::not_sent);
    CHECK(world.server.connections() == 0);
    CHECK(answers().given == 1);
    // And the next call, which gets the other answer, does not take it for granted.
    World again;
    CHECK(again.fetch({{"127.0.0.1"}}).error == HttpError::refused_host);
}

TEST_CASE("a stranger's name server that is silent keeps no other look-up waiting") {
    World world;
    HttpCall silent;
    silent.url = world.server.url("/", silent_name);
    silent.strangers_host = true;
    silent.deadlines.connect = 1min;
    HttpReply of_silent;
    asio::steady_timer silent_ended(world.io, asio::steady_timer::time_point::max());
    asio::co_spawn(world.io, fetch(world.client, std::move(silent), of_silent),
                   [&](const std::exception_ptr&) { silent_ended.cancel(); });
    answers() = {{{"127.0.0.1"}}, 0};
    HttpCall call;
    call.url = world.server.url("/", hostile_name);
    world.server.run(beside(world.client, std::move(call), silent_ended));
    CHECK(of_silent.error == HttpError::resolve);
}
