#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/simulator/logs.hpp"
#include "tests/simulator/server.hpp"

namespace genspool::simulator {

/// The simulator on a loopback port of the kernel's choice, for as long as this lives; a thread of
/// its own runs it. Records are kept in memory.
class LocalUpstream {
public:
    explicit LocalUpstream(ModelOptions options = {}, ServerOptions server = {});
    ~LocalUpstream();
    LocalUpstream(const LocalUpstream&) = delete;
    LocalUpstream& operator=(const LocalUpstream&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// May be read while the simulator runs.
    const MemoryRecorder& records() const { return records_; }

private:
    MemoryRecorder records_;
    UpstreamModel model_;
    boost::asio::io_context io_;
    Server server_;
    std::uint16_t port_;
    std::thread thread_;
};

}  // namespace genspool::simulator
