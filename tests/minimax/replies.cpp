#include "replies.hpp"

#include <boost/json/parse.hpp>
#include <utility>

#include "proto/minimax/provider.hpp"
#include "proto/price.hpp"

namespace genspool::tests {

proto::Reply reply(int status, std::string body) {
    proto::Reply made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

proto::Reply ok(std::string body) {
    return reply(200, std::move(body));
}

proto::Reply coded(std::int64_t code, std::string_view message) {
    return ok(R"({"task_id":"","data":null,"base_resp":{"status_code":)" + std::to_string(code) +
              R"(,"status_msg":")" + std::string{message} + R"("}})");
}

proto::Reply session(const std::vector<std::string>& frames) {
    std::string body;
    for (const std::string& frame : frames)
        body += "data: " + frame + "\n\n";
    return reply(101, std::move(body));
}

boost::json::object object(std::string_view text) {
    return boost::json::parse(text).as_object();
}

proto::JobSpec spec(std::string request) {
    proto::JobSpec made;
    made.provider = "minimax";
    made.request = std::move(request);
    return made;
}

boost::json::object changed(boost::json::object base, std::string_view change) {
    for (const auto& [key, value] : object(change)) {
        if (value.is_null()) {
            base.erase(key);
        } else {
            base.insert_or_assign(key, value);
        }
    }
    return base;
}

std::string verdict(const proto::Codec& codec, const boost::json::object& request) {
    const auto checked = codec.check(request);
    if (checked.has_value()) return "";
    return checked.error().code + " " + checked.error().field;
}

std::optional<proto::Money> quote(const proto::Checked& checked) {
    const proto::Registry registry({&proto::minimax_provider()});
    return proto::PriceTable(registry).quote(checked);
}

}  // namespace genspool::tests
