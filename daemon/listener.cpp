#include "daemon/listener.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "daemon/log.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;

namespace {

/// The number of the socket that systemd handed over, or -1.
int handed_over() {
    const int count = sd_listen_fds(1);
    if (count == 0) return -1;
    if (count < 0) throw std::runtime_error("systemd's socket cannot be taken over");
    if (count > 1) throw std::runtime_error("systemd handed over more than one socket");
    const int socket = SD_LISTEN_FDS_START;
    if (sd_is_socket_unix(socket, SOCK_STREAM, 1, nullptr, 0) <= 0)
        throw std::runtime_error("what systemd handed over is no listening unix stream socket");
    return socket;
}

/// The socket is where systemd's unit says, whatever the configuration does.
void compare_place(const std::string& handed, const std::string& configured) {
    std::error_code different;
    if (handed == configured || std::filesystem::equivalent(handed, configured, different)) return;
    log(Level::warn, "socket_elsewhere",
        {{"socket", handed},
         {"configured", configured},
         {"effect", "daemon.socket does not count: ListenStream= of the socket unit does"}});
}

/// Removes what a dead daemon left behind. A living one is an error.
void clear_way(const asio::any_io_executor& executor, const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) return;
    if (!S_ISSOCK(status.st_mode))
        throw std::runtime_error(path + " is in the way and is no socket");
    Protocol::socket probe(executor);
    boost::system::error_code error;
    probe.connect(Protocol::endpoint(path), error);
    if (!error) throw std::runtime_error("another daemon answers on " + path);
    if (error != asio::error::connection_refused)
        throw std::runtime_error(path + " is in the way: " + error.message());
    ::unlink(path.c_str());
}

/// Sets the process's umask for the life of this object.
class Umask {
public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

private:
    mode_t before_;
};

}  // namespace

Listener::Listener(const asio::any_io_executor& executor, std::string path,
                   std::vector<std::string> hosts)
    : acceptor_(executor), path_(std::move(path)), hosts_(std::move(hosts), nullptr) {
    const int inherited = handed_over();
    if (inherited >= 0) {
        from_systemd_ = true;
        Protocol::acceptor handed(executor, Protocol(), inherited);
        compare_place(handed.local_endpoint().path(), path_);
        acceptor_ = std::move(handed);
        return;
    }
    const auto directory = std::filesystem::path(path_).parent_path();
    boost::system::error_code error;
    {
        const Umask directory_mask(0027);
        std::error_code made;
        std::filesystem::create_directories(directory, made);
        if (made) throw std::runtime_error(directory.string() + ": " + made.message());
    }
    clear_way(executor, path_);
    {
        // A chmod after the bind would leave a moment in which anybody may connect.
        const Umask socket_mask(0117);
        acceptor_.open(Protocol());
        const Protocol::endpoint endpoint(path_);
        acceptor_.bind(endpoint, error);
    }
    if (error) throw std::runtime_error(path_ + ": " + error.message());
    ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
    acceptor_.listen();
}

Listener::~Listener() {
    if (!from_systemd_ && acceptor_.is_open()) ::unlink(path_.c_str());
}

}  // namespace genspool::daemon
