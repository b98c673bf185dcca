#include "tests/programs/api.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace genspool::tests {

namespace json = boost::json;

Api Api::on_socket(const std::string& path) {
    cli::DaemonAddress address;
    address.socket_path = path;
    return Api(std::move(address));
}

Api Api::on_port(const std::string& port) {
    cli::DaemonAddress address;
    address.host = "127.0.0.1";
    address.port = port;
    return Api(std::move(address));
}

ApiAnswer Api::get(const std::string& target, ApiHeaders headers) const {
    cli::HttpCall wanted;
    wanted.target = target;
    wanted.headers = std::move(headers);
    return call(wanted);
}

ApiAnswer Api::post(const std::string& target, std::string body, ApiHeaders headers) const {
    cli::HttpCall wanted;
    wanted.method = "POST";
    wanted.target = target;
    wanted.content_type = "application/json";
    wanted.body = std::move(body);
    wanted.headers = std::move(headers);
    return call(wanted);
}

ApiAnswer Api::call(const cli::HttpCall& call) const {
    cli::HttpOutcome outcome = client_.call(call);
    ApiAnswer answer;
    if (outcome.trouble != cli::HttpTrouble::none) return answer;
    answer.status = outcome.reply.status;
    answer.text = std::move(outcome.reply.body);
    json::error_code ec;
    auto parsed = json::parse(answer.text, ec);
    if (!ec) answer.body = std::move(parsed);
    return answer;
}

void Api::each(const std::string& target, const std::string& items,
               const std::function<void(const json::value&)>& look) const {
    std::string cursor;
    while (true) {
        const ApiAnswer answer = get(target + cursor);
        if (answer.status != 200)
            throw std::runtime_error(target + ": " + std::to_string(answer.status));
        for (const json::value& item : answer.body.at(items).as_array())
            look(item);
        const auto& next = answer.body.at("next");
        if (next.is_null()) return;
        const char joint = target.find('?') == std::string::npos ? '?' : '&';
        cursor = joint + std::string("cursor=") + json::value_to<std::string>(next);
    }
}

json::array Api::all(const std::string& target, const std::string& items) const {
    json::array found;
    each(target, items, [&found](const json::value& item) { found.push_back(item); });
    return found;
}

std::string text_of(const json::value& object, std::string_view key) {
    const auto* fields = object.if_object();
    if (fields == nullptr) return {};
    const auto* value = fields->if_contains(json::string_view(key.data(), key.size()));
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->get_string());
}

}  // namespace genspool::tests
