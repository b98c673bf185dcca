#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "proto/time.hpp"
#include "workers/http.hpp"
#include "workers/http_failure.hpp"
#include "workers/http_pool.hpp"

namespace boost::asio::ssl {
class context;
}

namespace genspool::workers {

class HttpDeadline;
class HttpStream;
struct HttpTarget;

struct HttpClientOptions {
    std::string user_agent = "genspool";
    std::string extra_ca_file;  ///< PEM, trusted beside the system's store; empty: none
    std::size_t idle_connections_max = 256;
    proto::Duration idle_age_max{30'000};
};

/// HTTP/1.1 over TCP or TLS with a pool of kept connections. Redirects are returned as they are;
/// interim replies are skipped; no content coding is asked for. A GET or HEAD that is not paid for
/// and dies on a kept connection before any byte of a reply is repeated once on a fresh one;
/// nothing else is ever written twice. A session has a connection of its own. Must outlive its
/// calls. Event-loop thread only.
class HttpClient : public Http {
public:
    /// Throws boost::system::system_error if extra_ca_file cannot be read.
    HttpClient(boost::asio::any_io_executor executor, HttpClientOptions options);
    ~HttpClient() override;

    boost::asio::awaitable<HttpReply> call(HttpCall request) override;

    /// Connections kept for later calls.
    std::size_t idle_connections() const { return pool_.size(); }

private:
    boost::asio::awaitable<HttpReply> perform(const HttpCall& request);
    boost::asio::awaitable<HttpFailure> connect(std::shared_ptr<HttpStream> stream,
                                                const HttpCall& request, const HttpTarget& target,
                                                HttpDeadline& deadline);
    boost::asio::awaitable<HttpReply> call_session(const HttpCall& request,
                                                   const HttpTarget& target,
                                                   HttpDeadline& deadline);
    std::shared_ptr<HttpStream> take_kept(const HttpCall& request, const HttpTarget& target,
                                          const std::string& server);
    boost::asio::awaitable<HttpReply> call_fresh(const HttpCall& request, const HttpTarget& target,
                                                 HttpDeadline& deadline, const std::string& head,
                                                 const std::string& server);

    boost::asio::any_io_executor executor_;
    HttpClientOptions options_;
    std::unique_ptr<boost::asio::ssl::context> tls_;
    HttpPool pool_;
};

}  // namespace genspool::workers
