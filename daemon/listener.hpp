#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <vector>

#include "daemon/door.hpp"
#include "daemon/host_check.hpp"

namespace genspool::daemon {

/// The listening unix socket: handed over by systemd, or made here. One that was made here is
/// removed again at the end. Throws std::runtime_error, with the reason in words, if there can be
/// none.
class Listener {
public:
    /// Takes systemd's socket if there is one, and warns in the log if it is not at `path`; else
    /// binds `path`, over the remains of a daemon that no longer answers, but never over a living
    /// one. Mode 0660 from the first moment on. `hosts`: the names by which pages may call the
    /// daemon, where somebody has put the socket behind a port.
    Listener(const boost::asio::any_io_executor& executor, std::string path,
             std::vector<std::string> hosts = {});
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    Door door() { return {acceptor_, nullptr, nullptr, &hosts_}; }
    bool from_systemd() const { return from_systemd_; }

private:
    Acceptor acceptor_;
    std::string path_;
    HostCheck hosts_;
    bool from_systemd_ = false;
};

}  // namespace genspool::daemon
