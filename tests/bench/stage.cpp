#include "tests/bench/stage.hpp"

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace genspool::bench {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::uint16_t read_port(const std::string& file) {
    std::ifstream in(file);
    std::uint16_t port = 0;
    in >> port;
    return port;
}

bool is_ready(const std::string& socket) {
    try {
        ApiClient(socket).get("/readyz");
        return true;
    } catch (const std::exception&) {
        return false;  // nobody listens yet
    }
}

}  // namespace

Stage::Stage(Context& context)
    : context_(context),
      socket_(context.path("genspool.sock")),
      config_(context.path("genspool.toml")) {
    configure("");
}

Stage::Stage(Context& context, const StageAccount& account,
             const std::vector<std::string>& simulator)
    : Stage(context) {
    const std::string port_file = context.path("port");
    std::vector<std::string> words = {context.program("genspool-sim"), "--port-file", port_file};
    words.insert(words.end(), simulator.begin(), simulator.end());
    simulator_ = std::make_unique<Child>(words, context.path("simulator.log"));
    while (!std::filesystem::exists(port_file)) {
        simulator_->must_live();
        std::this_thread::sleep_for(5ms);
    }
    upstream_port_ = read_port(port_file);
    ::setenv("GENSPOOL_BENCH_KEY", "bench-key-of-nobody", 1);
    configure(
        "[[account]]\n"
        "name = \"main\"\n"
        "provider = \"minimax\"\n"
        "base_url = \"http://127.0.0.1:" +
        std::to_string(upstream_port_) +
        "\"\n"
        "api_key_env = \"GENSPOOL_BENCH_KEY\"\n"
        "slots = " +
        std::to_string(account.slots) +
        "\n"
        "rpm = 0\n"
        "poll = { min = \"" +
        account.poll + "\", max = \"" + account.poll + "\" }\n");
}

void Stage::configure(const std::string& more) const {
    std::ofstream out(config_);
    out << "[daemon]\n"
           "state_dir = \""
        << context_.path("state")
        << "\"\n"
           "socket = \""
        << socket_
        << "\"\n"
           "[defaults]\n"
           "provider = \"minimax\"\n"
           "[fetch]\n"
           "private_hosts = true\n"
           "[disk]\n"
           "reserve = \"64M\"\n"
           "[limits]\n"
           "body_bytes_max = \"1G\"\n"
        << more;
}

double Stage::start() {
    const auto began = Clock::now();
    const std::vector<std::string> words = {context_.program("genspoold"), "--config", config_};
    daemon_ = std::make_unique<Child>(words, context_.path("genspoold.log"));
    while (!is_ready(socket_)) {
        daemon_->must_live();
        std::this_thread::sleep_for(2ms);
    }
    return std::chrono::duration<double>(Clock::now() - began).count();
}

void Stage::stop() {
    daemon_->stop();
}

std::uint64_t Stage::asked_upstream(std::string_view endpoint) const {
    const json::value stats = json::parse(ApiClient(upstream_port_).get("/sim/stats"));
    const json::value* const count =
        stats.at("requests")
            .as_object()
            .if_contains(boost::json::string_view(endpoint.data(), endpoint.size()));
    return count == nullptr ? 0 : count->to_number<std::uint64_t>();
}

void Stage::await_jobs(std::string_view state, std::uint64_t count, std::chrono::seconds most) {
    ApiClient api = client();
    const auto until = Clock::now() + most;
    while (api.jobs_in(state) < count) {
        daemon_->must_live();
        if (Clock::now() > until)
            throw std::runtime_error("only " + std::to_string(api.jobs_in(state)) + " of " +
                                     std::to_string(count) + " jobs are " + std::string(state));
        std::this_thread::sleep_for(20ms);
    }
}

}  // namespace genspool::bench
