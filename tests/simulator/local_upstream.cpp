#include "tests/simulator/local_upstream.hpp"

#include <boost/asio/post.hpp>

namespace genspool::simulator {

LocalUpstream::LocalUpstream(ModelOptions options, ServerOptions server)
    : model_(std::move(options), records_),
      io_(1),
      server_(io_, model_, std::move(server)),
      port_(server_.port()) {
    server_.start();
    thread_ = std::thread([this] { io_.run(); });
}

LocalUpstream::~LocalUpstream() {
    boost::asio::post(io_, [this] { server_.stop(); });
    thread_.join();
}

}  // namespace genspool::simulator
