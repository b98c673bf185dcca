#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

struct StubRequest {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;

    std::string line() const { return method + " " + target; }
};

struct StubReply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    bool drop = false;           ///< close the connection without an answer
    std::size_t cut = SIZE_MAX;  ///< close after this many bytes of the body
};

/// A daemon that answers as the test says, on a unix socket of its own. The handler runs on its
/// thread, one request at a time; requests() is for when the program under test has ended.
class StubDaemon {
public:
    using Handler = std::function<StubReply(const StubRequest&)>;

    explicit StubDaemon(Handler handler);
    ~StubDaemon();
    StubDaemon(const StubDaemon&) = delete;
    StubDaemon& operator=(const StubDaemon&) = delete;

    const std::string& socket() const { return socket_; }
    std::vector<StubRequest> requests() const;
    /// "GET /v1/jobs" and so on, in order.
    std::vector<std::string> lines() const;

private:
    class Server;

    TemporaryDirectory directory_;
    std::string socket_;
    std::unique_ptr<Server> server_;
};

/// How a run of the program ended and what it wrote.
struct Ran {
    int exit = 0;
    std::string out;
    std::string err;
};

struct RunOptions {
    std::string input;      ///< standard input
    bool terminal = false;  ///< both outputs are one, 100 columns wide, without colours
    bool redraws = false;   ///< it can be written over, and has 20 rows
    bool asks = false;      ///< the input is one, too: somebody can be asked
    int away_max_s = 5;
};

/// Runs `genspool ARGUMENTS…` against the stub.
Ran run_cli(const StubDaemon& daemon, std::vector<std::string> arguments, RunOptions options = {});

/// The same without any daemon: `socket` may name a path where nothing listens.
Ran run_cli(const std::string& socket, std::vector<std::string> arguments, RunOptions options = {});

}  // namespace genspool::tests
