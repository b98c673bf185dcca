#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/connection.hpp"
#include "daemon/crowd.hpp"
#include "daemon/door.hpp"
#include "daemon/http_reader.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

/// The bounds of one connection.
struct SessionLimits {
    std::uint32_t header_bytes_max = 16U << 10U;
    std::uint64_t body_bytes_max = 64U << 20U;
    std::chrono::seconds idle{75};    ///< between two requests
    std::chrono::seconds header{10};  ///< from a request's first byte to its last header
    std::chrono::seconds piece{30};   ///< between two pieces of a body, in either direction
    std::chrono::seconds linger{2};   ///< for the client to close its end, after the last reply
    std::uint64_t unread_bytes_max = 8U << 20U;  ///< of a body nobody wanted, read to let it end
};

/// What a session calls for each request. The request lives until the reply is sent.
using Answering = std::function<boost::asio::awaitable<Reply>(Request& request)>;

/// What is said to whom there is no room for.
Reply too_many_connections();

class Session;

/// Where the sessions of all clients sit. Event-loop thread.
class SessionHost {
public:
    virtual ~SessionHost() = default;

    /// A session holds so much more of a request or a reply than before. The host may make others
    /// let go, or this one.
    virtual void holds_more(std::uint64_t bytes) = 0;
    virtual void holds_less(std::uint64_t bytes) = 0;

    /// It is known now whose session this is: false if he has had his share of connections.
    virtual bool has_room_for(const Session& session) = 0;
};

/// One connection: reads requests, has them answered one by one, writes the replies. Time is
/// watched from outside (end_if_overdue), which is cheaper than a timer for each read. Event-loop
/// thread.
class Session : public BodySource {
public:
    /// `caller` is who asks, as the kernel says; where the door has a guard, it says.
    Session(Connection::Socket socket, const Door& door, Caller caller, SessionLimits limits,
            SessionHost& host, const Answering& answering);
    ~Session() override;

    /// Returns when the connection has ended.
    boost::asio::awaitable<void> run();

    /// Ends the connection if it has no request to answer, else once the present reply is sent.
    void stop();
    /// Ends the connection, whatever it is at.
    void cut();
    /// Ends the connection if what it waits for did not come in time.
    void end_if_overdue(std::chrono::steady_clock::time_point now);
    /// Ends the connection if the token by which it is being answered was taken away meanwhile.
    void end_if_unknown();
    /// Gives up what is held for it: a body that is coming is refused, a reply cut off.
    void let_go();
    /// What others are to know of it. Good until the next turn of the loop.
    Seat seat() const;

    boost::asio::awaitable<BodyPiece> next() override;
    void holds(std::uint64_t bytes) override;
    bool gone() override { return connection_.gone(); }

private:
    enum class Phase : std::uint8_t { idle, header, answering };

    boost::asio::awaitable<bool> greet();
    boost::asio::awaitable<bool> read_head();
    boost::asio::awaitable<bool> read_some();
    boost::asio::awaitable<bool> serve();
    std::optional<Reply> stop_page(const Request& request) const;
    std::optional<Reply> stop_at_door(Request& request);
    boost::asio::awaitable<Reply> answer(Request& request);
    boost::asio::awaitable<bool> send(Reply& reply, bool keep_alive, bool with_body);
    boost::asio::awaitable<bool> send_stream(PieceSource& stream, bool chunked);
    boost::asio::awaitable<bool> write(std::string bytes);
    boost::asio::awaitable<bool> read_rest();
    boost::asio::awaitable<void> linger();
    void watch(std::chrono::seconds most);
    void watch_nothing();

    Connection connection_;
    Guard* guard_;            ///< null: caller_ is who asks
    const HostCheck* hosts_;  ///< what a page may call us then; null: anything
    Caller caller_;
    SessionLimits limits_;
    SessionHost& host_;
    const Answering& answering_;
    HttpReader reader_;
    Phase phase_ = Phase::idle;
    bool let_in_;  ///< the guard, if any, has let a request of this connection pass
    bool stopping_ = false;
    bool body_ended_ = false;
    bool expects_continue_ = false;
    bool sending_ = false;
    bool no_room_ = false;  ///< what is still to come of the body is not taken
    std::uint64_t held_bytes_ = 0;
    std::chrono::steady_clock::time_point heard_at_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace genspool::daemon
